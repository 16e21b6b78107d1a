use super::{bessel_i, map_values};
use candle_core::{Result, Tensor};

/// Returns the modified Bessel function of the first kind of order 1, times `exp(-|x|)`.
pub fn special_i1e(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, |x| bessel_i(1, x))
}
