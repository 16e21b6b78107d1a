use candle_core::{DType, Device, Result, Tensor};

/// Returns `base` to the power of each element.
pub fn pow_scalar(base: f64, exponent: &Tensor) -> Result<Tensor> {
    let values = exponent
        .flatten_all()?
        .to_device(&Device::Cpu)?
        .to_dtype(DType::F64)?;
    let values = values
        .to_vec1::<f64>()?
        .into_iter()
        .map(|x| base.powf(x))
        .collect::<Vec<_>>();
    Tensor::from_vec(values, exponent.shape(), &Device::Cpu)?
        .to_dtype(exponent.dtype())?
        .to_device(exponent.device())
}
