use super::picked;
use candle_core::{Result, Tensor};

/// Returns the medians along a dim, of two the lower one, and their indices; NaN where there is one.
pub fn median(xs: &Tensor, dim: usize, keepdim: bool) -> Result<(Tensor, Tensor)> {
    let has_nan = xs.dtype().is_float();
    picked(xs, dim, keepdim, |row| {
        if let (true, Some(i)) = (has_nan, row.iter().position(|x| *x == i64::MAX)) {
            return i;
        }
        let mut order: Vec<_> = (0..row.len()).collect();
        order.sort_by_key(|i| row[*i]);
        order[(row.len() - 1) / 2]
    })
}
