use super::map_values;
use candle_core::{Result, Tensor};

/// Returns the inverse of the error function; NaN outside -1 to 1.
pub fn erfinv(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, |x| match x.abs() <= 1. {
        true => candle_core::cpu::erf::erf_inv(x),
        false => f64::NAN,
    })
}
