use super::map_pairs;
use candle_core::{Result, Tensor};

/// Returns elements of `xs` with the signs of those of `other`; shapes broadcast.
pub fn copysign(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    map_pairs(xs, other, f64::copysign)
}
