use super::functional_rms_norm;
use candle_core::{Module, Result, Tensor};
use candle_nn::VarBuilder;

/// Normalizes and scales the last dim, as `candle_nn::RmsNorm` does.
///
/// That adds up the squares of a row one by one in `f32`, which drifts for long rows.
#[derive(Debug, Clone)]
pub struct RmsNorm {
    pub(super) weight: Tensor,
    pub(super) eps: f64,
    /// What it computes of the input, `weight` and `eps`: where it rounds and how it scales.
    pub(super) function: fn(&Tensor, &Tensor, f64) -> Result<Tensor>,
}

impl Module for RmsNorm {
    fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        (self.function)(xs, &self.weight, self.eps)
    }
}

/// Reads `weight` of a normalization over `size` elements, which scales before it rounds.
pub fn rms_norm(size: usize, eps: f64, vb: VarBuilder) -> Result<RmsNorm> {
    Ok(RmsNorm {
        weight: vb.get(size, "weight")?,
        eps,
        function: |xs, weight, eps| {
            if xs.device().is_cpu() {
                return functional_rms_norm(xs, 1, Some(weight), eps);
            }
            candle_nn::ops::rms_norm(&xs.contiguous()?, weight, eps as f32)
        },
    })
}
