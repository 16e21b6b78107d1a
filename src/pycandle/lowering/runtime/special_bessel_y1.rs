use super::{bessel_j, map_values};
use candle_core::{Result, Tensor};

/// Returns the Bessel function of the second kind of order 1; NaN below 0.
pub fn special_bessel_y1(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, |x| match x {
        0. => f64::NEG_INFINITY,
        _ if x < 0. => f64::NAN,
        _ => bessel_j(1, x).1,
    })
}
