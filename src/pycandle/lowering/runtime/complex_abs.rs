use super::{complex_parts, map_pairs};
use candle_core::{Result, Tensor};

/// Returns the lengths of complex numbers in pairs.
pub fn complex_abs(xs: &Tensor) -> Result<Tensor> {
    let (real, imag) = complex_parts(xs)?;
    map_pairs(&real, &imag, f64::hypot)
}
