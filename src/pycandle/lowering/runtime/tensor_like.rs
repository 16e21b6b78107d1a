use candle_core::{DType, Device, Result, Shape, Tensor};

/// Returns elements in row-major order as a tensor of the dtype and on the device of another.
pub fn tensor_like(values: Vec<f64>, shape: impl Into<Shape>, like: &Tensor) -> Result<Tensor> {
    let ys = match like.dtype() {
        DType::F32 => {
            let values = values.into_iter().map(|x| x as f32).collect::<Vec<_>>();
            Tensor::from_vec(values, shape, &Device::Cpu)?
        }
        dtype => Tensor::from_vec(values, shape, &Device::Cpu)?.to_dtype(dtype)?,
    };
    ys.to_device(like.device())
}
