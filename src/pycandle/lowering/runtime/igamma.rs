use super::{incomplete_gamma, map_pairs};
use candle_core::{Result, Tensor};

/// Returns the part of the gamma function of `xs` below `other`, divided by the whole; shapes
/// broadcast.
pub fn igamma(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    map_pairs(xs, other, |a, x| incomplete_gamma(a, x).0)
}
