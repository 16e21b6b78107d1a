use super::map_values;
use candle_core::{Result, Tensor};
use std::f64::consts::FRAC_1_SQRT_2;

/// Returns the area under the normal distribution up to each element.
pub fn special_ndtr(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, |x| {
        candle_core::cpu::erf::erfc_f64(-x * FRAC_1_SQRT_2) / 2.
    })
}
