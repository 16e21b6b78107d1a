use super::{bessel_j, map_values};
use candle_core::{Result, Tensor};

/// Returns the Bessel function of the first kind of order 1.
pub fn special_bessel_j1(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, |x| bessel_j(1, x.abs()).0 * x.signum())
}
