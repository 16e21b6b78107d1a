use super::{loss_terms, reduced_loss};
use candle_core::{Result, Tensor};

/// Returns the divergence of log probabilities from a distribution, or from its logarithm.
pub fn kl_div(xs: &Tensor, target: &Tensor, reduction: usize, log_target: bool) -> Result<Tensor> {
    let terms = loss_terms(xs, target, |x, y| match log_target {
        true => y.exp() * (y - x),
        false if y == 0. => -y * x,
        false => y * y.ln() - y * x,
    })?;
    reduced_loss(&terms, reduction, xs)
}
