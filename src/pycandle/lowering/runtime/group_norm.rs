use super::functional_group_norm;
use candle_core::{bail, Module, Result, Tensor};
use candle_nn::VarBuilder;

/// Normalizes groups of channels, scales and shifts each channel, as `candle_nn::GroupNorm` does.
///
/// That subtracts a mean that is rounded, of which an error is left where a group has one value.
#[derive(Debug, Clone)]
pub struct GroupNorm {
    weight: Tensor,
    bias: Tensor,
    groups: usize,
    eps: f64,
}

impl Module for GroupNorm {
    fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        let (weight, bias) = (Some(&self.weight), Some(&self.bias));
        functional_group_norm(xs, self.groups, weight, bias, self.eps)
    }
}

/// Reads `weight` and `bias` of a normalization of `channels` channels in `groups` groups.
pub fn group_norm(groups: usize, channels: usize, eps: f64, vb: VarBuilder) -> Result<GroupNorm> {
    if groups == 0 || !channels.is_multiple_of(groups) {
        bail!("{channels} channels do not make {groups} groups")
    }
    Ok(GroupNorm {
        weight: vb.get(channels, "weight")?,
        bias: vb.get(channels, "bias")?,
        groups,
        eps,
    })
}
