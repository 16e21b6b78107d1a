use super::functional_rms_norm;
use candle_core::{Module, Result, Tensor};
use candle_nn::VarBuilder;

/// Normalizes and scales the last dim, as `candle_nn::RmsNorm` does.
///
/// That adds up the squares of a row one by one in `f32`, which drifts for long rows.
#[derive(Debug, Clone)]
pub struct RmsNorm {
    weight: Tensor,
    eps: f64,
}

impl Module for RmsNorm {
    fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        if xs.device().is_cpu() {
            return functional_rms_norm(xs, 1, Some(&self.weight), self.eps);
        }
        candle_nn::ops::rms_norm(&xs.contiguous()?, &self.weight, self.eps as f32)
    }
}

/// Reads `weight` of a normalization over `size` elements.
pub fn rms_norm(size: usize, eps: f64, vb: VarBuilder) -> Result<RmsNorm> {
    let weight = vb.get(size, "weight")?;
    Ok(RmsNorm { weight, eps })
}
