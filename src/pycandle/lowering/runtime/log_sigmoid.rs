use candle_core::{DType, Device, Result, Tensor};

/// Returns `log(sigmoid(xs))`, which is `xs` itself far below 0.
pub fn log_sigmoid(xs: &Tensor) -> Result<Tensor> {
    let values = xs
        .flatten_all()?
        .to_device(&Device::Cpu)?
        .to_dtype(DType::F64)?
        .to_vec1::<f64>()?;
    let values = values
        .into_iter()
        .map(|x| x.min(0.0) - (-x.abs()).exp().ln_1p())
        .collect::<Vec<_>>();
    Tensor::from_vec(values, xs.shape(), &Device::Cpu)?
        .to_dtype(xs.dtype())?
        .to_device(xs.device())
}
