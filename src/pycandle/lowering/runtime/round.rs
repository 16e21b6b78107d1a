use candle_core::{DType, Device, Result, Tensor};

/// Returns the nearest whole number, the even one of two; Candle rounds those away from 0.
pub fn round(xs: &Tensor) -> Result<Tensor> {
    let values = xs
        .flatten_all()?
        .to_device(&Device::Cpu)?
        .to_dtype(DType::F64)?
        .to_vec1::<f64>()?;
    let values = values
        .into_iter()
        .map(f64::round_ties_even)
        .collect::<Vec<_>>();
    Tensor::from_vec(values, xs.shape(), &Device::Cpu)?
        .to_dtype(xs.dtype())?
        .to_device(xs.device())
}
