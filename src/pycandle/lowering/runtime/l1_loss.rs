use super::{loss_terms, reduced_loss};
use candle_core::{Result, Tensor};

/// Returns the absolute difference.
pub fn l1_loss(xs: &Tensor, target: &Tensor, reduction: usize) -> Result<Tensor> {
    let terms = loss_terms(xs, target, |x, y| (x - y).abs())?;
    reduced_loss(&terms, reduction, xs)
}
