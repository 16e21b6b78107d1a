use super::map_pairs;
use candle_core::{Result, Tensor};

/// Returns the length of the vector of two elements; shapes broadcast.
pub fn hypot(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    map_pairs(xs, other, f64::hypot)
}
