use candle_core::{DType, Device, Result, Tensor};

/// Returns the angle of the point (`other`, `xs`), from -pi to pi; shapes broadcast.
pub fn atan2(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    let floats = |x: &Tensor, other: &Tensor| -> Result<Vec<f64>> {
        let x = x.broadcast_mul(&other.ones_like()?)?.flatten_all()?;
        x.to_device(&Device::Cpu)?.to_dtype(DType::F64)?.to_vec1()
    };
    let shape = xs.broadcast_mul(&other.ones_like()?)?.shape().clone();
    let pairs = floats(xs, other)?.into_iter().zip(floats(other, xs)?);
    let values = pairs.map(|(y, x)| y.atan2(x)).collect::<Vec<_>>();
    Tensor::from_vec(values, shape, &Device::Cpu)?
        .to_dtype(xs.dtype())?
        .to_device(xs.device())
}
