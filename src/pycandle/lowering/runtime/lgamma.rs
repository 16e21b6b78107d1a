use super::{ln_gamma, map_values};
use candle_core::{Result, Tensor};

/// Returns the logarithm of the absolute value of the gamma function.
pub fn lgamma(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, ln_gamma)
}
