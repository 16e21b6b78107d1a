use super::{loss_terms, reduced_loss};
use candle_core::{Result, Tensor};

/// Returns half the square of the difference, and a line that meets it above `delta`.
pub fn huber_loss(xs: &Tensor, target: &Tensor, reduction: usize, delta: f64) -> Result<Tensor> {
    let terms = loss_terms(xs, target, |x, y| match (x - y).abs() {
        z if z <= delta => 0.5 * z * z,
        z => delta * (z - 0.5 * delta),
    })?;
    reduced_loss(&terms, reduction, xs)
}
