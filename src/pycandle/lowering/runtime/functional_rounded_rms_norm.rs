use super::functional_rms_norm;
use candle_core::{DType, Result, Tensor};

/// Divides the last dim by the root of its mean square in `f32`, rounds, then scales.
pub fn functional_rounded_rms_norm(xs: &Tensor, weight: &Tensor, eps: f64) -> Result<Tensor> {
    functional_rms_norm(&xs.to_dtype(DType::F32)?, 1, None, eps)?
        .to_dtype(xs.dtype())?
        .broadcast_mul(weight)
}
