use super::{complex, complex_parts};
use candle_core::{DType, Result, Tensor};

/// Returns the quotient of complex numbers in pairs; shapes broadcast.
pub fn complex_div(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    let (xs_wide, other) = (xs.to_dtype(DType::F64)?, other.to_dtype(DType::F64)?);
    let ((a, b), (c, d)) = (complex_parts(&xs_wide)?, complex_parts(&other)?);
    let length = (c.sqr()? + d.sqr()?)?;
    let real = (a.broadcast_mul(&c)? + b.broadcast_mul(&d)?)?.broadcast_div(&length)?;
    let imag = (b.broadcast_mul(&c)? - a.broadcast_mul(&d)?)?.broadcast_div(&length)?;
    complex(&real, &imag)?.to_dtype(xs.dtype())
}
