use super::picked;
use candle_core::{Result, Tensor};

/// Returns the `k`-th smallest elements along a dim, counted from 1, and their indices.
pub fn kthvalue(xs: &Tensor, k: usize, dim: usize, keepdim: bool) -> Result<(Tensor, Tensor)> {
    picked(xs, dim, keepdim, |row| {
        let mut order: Vec<_> = (0..row.len()).collect();
        order.sort_by_key(|i| row[*i]);
        order[k - 1]
    })
}
