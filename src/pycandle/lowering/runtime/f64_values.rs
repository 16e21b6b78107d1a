use candle_core::{DType, Device, Result, Tensor};

/// Returns the elements of a tensor in row-major order.
pub fn f64_values(xs: &Tensor) -> Result<Vec<f64>> {
    let xs = xs.flatten_all()?.to_device(&Device::Cpu)?;
    match xs.dtype() {
        DType::F64 => xs.to_vec1::<f64>(),
        DType::F32 => Ok(xs.to_vec1::<f32>()?.into_iter().map(f64::from).collect()),
        _ => xs.to_dtype(DType::F64)?.to_vec1::<f64>(),
    }
}
