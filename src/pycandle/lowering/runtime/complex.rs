use candle_core::{Result, Tensor};

/// Returns real and imaginary parts as pairs, in a last dim of 2; shapes broadcast.
pub fn complex(real: &Tensor, imag: &Tensor) -> Result<Tensor> {
    let shape = real
        .shape()
        .broadcast_shape_binary_op(imag.shape(), "complex")?;
    let (real, imag) = (real.broadcast_as(&shape)?, imag.broadcast_as(&shape)?);
    Tensor::stack(&[&real.contiguous()?, &imag.contiguous()?], shape.rank())
}
