use super::{complex, complex_parts};
use candle_core::{Result, Tensor};

/// Returns the product of complex numbers in pairs; shapes broadcast.
pub fn complex_mul(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    let ((a, b), (c, d)) = (complex_parts(xs)?, complex_parts(other)?);
    let real = (a.broadcast_mul(&c)? - b.broadcast_mul(&d)?)?;
    let imag = (a.broadcast_mul(&d)? + b.broadcast_mul(&c)?)?;
    complex(&real, &imag)
}
