use super::map_values;
use candle_core::{Result, Tensor};

/// Returns the inverse hyperbolic sine.
pub fn asinh(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, f64::asinh)
}
