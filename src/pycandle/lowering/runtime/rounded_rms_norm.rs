use super::{functional_rounded_rms_norm, rms_norm, RmsNorm};
use candle_core::Result;
use candle_nn::VarBuilder;

/// Reads `weight` of a normalization over `size` elements in `f32`, which rounds to the input's
/// dtype before it scales.
pub fn rounded_rms_norm(size: usize, eps: f64, vb: VarBuilder) -> Result<RmsNorm> {
    Ok(RmsNorm {
        function: functional_rounded_rms_norm,
        ..rms_norm(size, eps, vb)?
    })
}
