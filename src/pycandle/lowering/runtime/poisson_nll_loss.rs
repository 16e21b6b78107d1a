use super::{loss_terms, reduced_loss};
use candle_core::{Result, Tensor};

/// Returns the negative log likelihood of counts by their rates, or by the logarithm of those; if
/// `full` with Stirling's term for counts above 1.
pub fn poisson_nll_loss(
    xs: &Tensor,
    target: &Tensor,
    log_input: bool,
    full: bool,
    eps: f64,
    reduction: usize,
) -> Result<Tensor> {
    let terms = loss_terms(xs, target, |x, y| {
        let plain = match log_input {
            true => x.exp() - y * x,
            false => x - y * (x + eps).ln(),
        };
        match full && y > 1. {
            true => plain + y * y.ln() - y + 0.5 * (std::f64::consts::TAU * y).ln(),
            false => plain,
        }
    })?;
    reduced_loss(&terms, reduction, xs)
}
