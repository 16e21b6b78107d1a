use super::{loss_terms, reduced_loss};
use candle_core::{Result, Tensor};

/// Returns `log(1 + exp(-target * xs))`.
pub fn soft_margin_loss(xs: &Tensor, target: &Tensor, reduction: usize) -> Result<Tensor> {
    let terms = loss_terms(xs, target, |x, y| (-y * x).exp().ln_1p())?;
    reduced_loss(&terms, reduction, xs)
}
