use super::map_values;
use candle_core::{Result, Tensor};

/// Returns degrees as radians.
pub fn deg2rad(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, f64::to_radians)
}
