use super::map_pairs;
use candle_core::{Result, Tensor};

/// Returns the smaller of two elements; NaN only where both are; shapes broadcast.
pub fn fmin(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    map_pairs(xs, other, f64::min)
}
