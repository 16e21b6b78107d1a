use super::map_values;
use candle_core::{Result, Tensor};
use std::f64::consts::SQRT_2;

/// Returns the number up to which the area under the normal distribution is each element.
pub fn special_ndtri(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, |x| match (0. ..=1.).contains(&x) {
        true => -SQRT_2 * candle_core::cpu::erf::erfc_inv(2. * x),
        false => f64::NAN,
    })
}
