use super::{layer_norm, LayerNorm, LayerNormConfig};
use candle_core::Result;
use candle_nn::VarBuilder;

/// Reads `weight` of a normalization over `size` elements that shifts nothing.
pub fn layer_norm_no_bias(size: usize, eps: f64, vb: VarBuilder) -> Result<LayerNorm> {
    layer_norm(size, LayerNormConfig { eps, bias: false }, vb)
}
