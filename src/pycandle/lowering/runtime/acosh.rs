use super::map_values;
use candle_core::{Result, Tensor};

/// Returns the inverse hyperbolic cosine; NaN below 1.
pub fn acosh(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, f64::acosh)
}
