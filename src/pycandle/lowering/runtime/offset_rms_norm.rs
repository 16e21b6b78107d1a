use super::{functional_offset_rms_norm, rms_norm, RmsNorm};
use candle_core::Result;
use candle_nn::VarBuilder;

/// Reads `weight` of a normalization over `size` elements in `f32`, which scales by 1 + weight.
pub fn offset_rms_norm(size: usize, eps: f64, vb: VarBuilder) -> Result<RmsNorm> {
    Ok(RmsNorm {
        function: functional_offset_rms_norm,
        ..rms_norm(size, eps, vb)?
    })
}
