use super::{bessel_k, map_values};
use candle_core::{Result, Tensor};

/// Returns the modified Bessel function of the second kind of order 1, times `exp(x)`.
pub fn special_scaled_modified_bessel_k1(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, |x| bessel_k(1., x))
}
