use super::{loss_terms, reduced_loss};
use candle_core::{DType, Device, Result, Tensor};

/// Returns the cross entropy of logits of a class, times a weight; that of the class itself is
/// weighted by `pos_weight`.
pub fn binary_cross_entropy_with_logits(
    xs: &Tensor,
    target: &Tensor,
    weight: Option<&Tensor>,
    pos_weight: Option<&Tensor>,
    reduction: usize,
) -> Result<Tensor> {
    let wide = |xs: &Tensor| xs.to_device(&Device::Cpu)?.to_dtype(DType::F64);
    let missed = loss_terms(xs, target, |x, y| (1. - y) * x)?;
    let surprise = loss_terms(xs, target, |x, _| {
        (-x.abs()).exp().ln_1p() + if x < 0. { -x } else { 0. * x }
    })?;
    let surprise = match pos_weight {
        Some(pos_weight) => {
            let scale = (wide(pos_weight)? - 1.)?.broadcast_mul(&wide(target)?)?;
            surprise.broadcast_mul(&(scale + 1.)?)?
        }
        None => surprise,
    };
    let terms = (missed + surprise)?;
    let terms = match weight {
        Some(weight) => terms.broadcast_mul(&wide(weight)?)?,
        None => terms,
    };
    reduced_loss(&terms, reduction, xs)
}
