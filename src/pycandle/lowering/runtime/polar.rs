use super::complex;
use candle_core::{Result, Tensor};

/// Returns complex numbers in pairs by their lengths and angles; shapes broadcast.
pub fn polar(abs: &Tensor, angle: &Tensor) -> Result<Tensor> {
    let real = abs.broadcast_mul(&angle.cos()?)?;
    let imag = abs.broadcast_mul(&angle.sin()?)?;
    complex(&real, &imag)
}
