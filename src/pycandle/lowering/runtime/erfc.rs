use super::map_values;
use candle_core::{Result, Tensor};

/// Returns 1 less the error function.
pub fn erfc(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, candle_core::cpu::erf::erfc_f64)
}
