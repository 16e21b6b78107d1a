use super::picked;
use candle_core::{Result, Tensor};

/// Returns the medians along a dim of what is not NaN, of two the lower one, and their indices.
pub fn nanmedian(xs: &Tensor, dim: usize, keepdim: bool) -> Result<(Tensor, Tensor)> {
    let has_nan = xs.dtype().is_float();
    picked(xs, dim, keepdim, |row| {
        let mut order: Vec<_> = (0..row.len()).collect();
        order.sort_by_key(|i| row[*i]);
        let nans = row.iter().filter(|x| has_nan && **x == i64::MAX).count();
        order[(row.len() - nans).saturating_sub(1) / 2]
    })
}
