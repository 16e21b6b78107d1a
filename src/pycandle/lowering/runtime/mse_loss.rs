use super::{loss_terms, reduced_loss};
use candle_core::{Result, Tensor};

/// Returns the square of the difference.
pub fn mse_loss(xs: &Tensor, target: &Tensor, reduction: usize) -> Result<Tensor> {
    let terms = loss_terms(xs, target, |x, y| (x - y) * (x - y))?;
    reduced_loss(&terms, reduction, xs)
}
