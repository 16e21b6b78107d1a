use candle_core::{DType, Device, Result, Tensor};

/// Returns `log(1 + exp(beta * xs)) / beta`, and `xs` itself where `beta * xs > threshold`.
pub fn softplus(xs: &Tensor, beta: f64, threshold: f64) -> Result<Tensor> {
    let values = xs
        .flatten_all()?
        .to_device(&Device::Cpu)?
        .to_dtype(DType::F64)?
        .to_vec1::<f64>()?;
    let values = values
        .into_iter()
        .map(|x| {
            let scaled = x * beta;
            if scaled > threshold {
                x
            } else {
                scaled.exp().ln_1p() / beta
            }
        })
        .collect::<Vec<_>>();
    Tensor::from_vec(values, xs.shape(), &Device::Cpu)?
        .to_dtype(xs.dtype())?
        .to_device(xs.device())
}
