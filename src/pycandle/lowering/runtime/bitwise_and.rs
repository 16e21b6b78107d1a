use candle_core::{DType, Device, Result, Tensor};

/// Returns the bits of two integers joined by `&`, element by element; shapes broadcast.
pub fn bitwise_and(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    let shape = xs
        .shape()
        .broadcast_shape_binary_op(other.shape(), "bitwise_and")?;
    let integers = |x: &Tensor| -> Result<Vec<i64>> {
        let x = x.broadcast_as(&shape)?.flatten_all()?;
        x.to_device(&Device::Cpu)?.to_dtype(DType::I64)?.to_vec1()
    };
    let pairs = integers(xs)?.into_iter().zip(integers(other)?);
    let values = pairs.map(|(x, y)| x & y).collect::<Vec<_>>();
    Tensor::from_vec(values, &shape, &Device::Cpu)?
        .to_dtype(xs.dtype())?
        .to_device(xs.device())
}
