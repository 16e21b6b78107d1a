use super::{complex_parts, map_pairs};
use candle_core::{Result, Tensor};

/// Returns the angles of complex numbers in pairs, in radians.
pub fn complex_angle(xs: &Tensor) -> Result<Tensor> {
    let (real, imag) = complex_parts(xs)?;
    map_pairs(&imag, &real, f64::atan2)
}
