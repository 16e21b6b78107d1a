use super::{loss_terms, reduced_loss};
use candle_core::{DType, Device, Result, Tensor};

/// Returns the cross entropy of probabilities of a class, whose logarithms are -100 at least, times
/// a weight.
pub fn binary_cross_entropy(
    xs: &Tensor,
    target: &Tensor,
    weight: Option<&Tensor>,
    reduction: usize,
) -> Result<Tensor> {
    let least = |x: f64| if x < -100. { -100. } else { x };
    let terms = loss_terms(xs, target, |x, y| {
        (y - 1.) * least((-x).ln_1p()) - y * least(x.ln())
    })?;
    let terms = match weight {
        Some(weight) => {
            let weight = weight.to_device(&Device::Cpu)?.to_dtype(DType::F64)?;
            terms.broadcast_mul(&weight)?
        }
        None => terms,
    };
    reduced_loss(&terms, reduction, xs)
}
