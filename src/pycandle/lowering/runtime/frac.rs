use super::map_values;
use candle_core::{Result, Tensor};

/// Returns what is behind the decimal point, with the sign of the number; NaN for infinity.
pub fn frac(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, f64::fract)
}
