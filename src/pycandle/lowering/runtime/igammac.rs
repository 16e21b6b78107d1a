use super::{incomplete_gamma, map_pairs};
use candle_core::{Result, Tensor};

/// Returns the part of the gamma function of `xs` above `other`, divided by the whole; shapes
/// broadcast.
pub fn igammac(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    map_pairs(xs, other, |a, x| incomplete_gamma(a, x).1)
}
