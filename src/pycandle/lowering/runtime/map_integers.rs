use candle_core::{DType, Device, Result, Tensor};

/// Returns what `f` makes of the elements of two tensors of integers, in the dtype of `xs`; shapes
/// broadcast.
pub fn map_integers(xs: &Tensor, other: &Tensor, f: impl Fn(i64, i64) -> i64) -> Result<Tensor> {
    let shape = xs
        .shape()
        .broadcast_shape_binary_op(other.shape(), "map_integers")?;
    let integers = |x: &Tensor| -> Result<Vec<i64>> {
        let x = x.broadcast_as(&shape)?.flatten_all()?;
        x.to_device(&Device::Cpu)?.to_dtype(DType::I64)?.to_vec1()
    };
    let pairs = integers(xs)?.into_iter().zip(integers(other)?);
    let values = pairs.map(|(x, y)| f(x, y)).collect::<Vec<_>>();
    Tensor::from_vec(values, &shape, &Device::Cpu)?
        .to_dtype(xs.dtype())?
        .to_device(xs.device())
}
