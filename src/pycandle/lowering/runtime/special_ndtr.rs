use super::map_values;
use candle_core::{Result, Tensor};
use std::f64::consts::FRAC_1_SQRT_2;

/// Returns the area under the normal distribution up to each element, as PyTorch from the error
/// function: 0 far below 0.
pub fn special_ndtr(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, |x| {
        (1. + candle_core::cpu::erf::erf_f64(x * FRAC_1_SQRT_2)) / 2.
    })
}
