use super::map_values;
use candle_core::{Result, Tensor};

/// Returns radians as degrees.
pub fn rad2deg(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, f64::to_degrees)
}
