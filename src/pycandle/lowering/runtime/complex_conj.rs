use super::{complex, complex_parts};
use candle_core::{Result, Tensor};

/// Returns the conjugates of complex numbers in pairs.
pub fn complex_conj(xs: &Tensor) -> Result<Tensor> {
    let (real, imag) = complex_parts(xs)?;
    complex(&real, &imag.neg()?)
}
