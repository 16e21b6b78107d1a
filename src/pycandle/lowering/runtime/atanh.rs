use super::map_values;
use candle_core::{Result, Tensor};

/// Returns the inverse hyperbolic tangent.
pub fn atanh(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, f64::atanh)
}
