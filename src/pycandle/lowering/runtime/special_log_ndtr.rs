use super::{map_values, scaled_erfc};
use candle_core::{cpu::erf::erfc_f64, Result, Tensor};
use std::f64::consts::FRAC_1_SQRT_2;

/// Returns the logarithm of the area under the normal distribution up to each element.
pub fn special_log_ndtr(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, |x| {
        let t = x * FRAC_1_SQRT_2;
        if x < -1. {
            (scaled_erfc(-t) / 2.).ln() - t * t
        } else {
            (-erfc_f64(t) / 2.).ln_1p()
        }
    })
}
