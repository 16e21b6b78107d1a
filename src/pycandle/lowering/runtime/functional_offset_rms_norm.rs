use super::functional_rms_norm;
use candle_core::{DType, Result, Tensor};

/// Divides the last dim by the root of its mean square and scales by 1 + weight, all in `f32`.
pub fn functional_offset_rms_norm(xs: &Tensor, weight: &Tensor, eps: f64) -> Result<Tensor> {
    let scale = (weight.to_dtype(DType::F32)? + 1.)?;
    functional_rms_norm(&xs.to_dtype(DType::F32)?, 1, Some(&scale), eps)?.to_dtype(xs.dtype())
}
