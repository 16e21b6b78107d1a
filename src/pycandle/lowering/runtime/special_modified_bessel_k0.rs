use super::{bessel_k, map_values};
use candle_core::{Result, Tensor};

/// Returns the modified Bessel function of the second kind of order 0.
pub fn special_modified_bessel_k0(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, |x| bessel_k(0., x) * (-x).exp())
}
