use candle_core::{DType, Device, Result, Tensor};

/// Returns `base` to the power of `exponent`, element by element; shapes broadcast.
///
/// A negative base has a power where the exponent is a whole number.
pub fn pow(base: &Tensor, exponent: &Tensor) -> Result<Tensor> {
    let floats = |x: &Tensor, other: &Tensor| -> Result<Vec<f64>> {
        let x = x.broadcast_mul(&other.ones_like()?)?.flatten_all()?;
        x.to_device(&Device::Cpu)?.to_dtype(DType::F64)?.to_vec1()
    };
    let shape = base.broadcast_mul(&exponent.ones_like()?)?.shape().clone();
    let pairs = floats(base, exponent)?
        .into_iter()
        .zip(floats(exponent, base)?);
    let values = pairs.map(|(x, y)| x.powf(y)).collect::<Vec<_>>();
    Tensor::from_vec(values, shape, &Device::Cpu)?
        .to_dtype(base.dtype())?
        .to_device(base.device())
}
