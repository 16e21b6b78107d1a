use super::{loss_terms, reduced_loss};
use candle_core::{Result, Tensor};

/// Returns the absolute difference, and a square of it that meets it below `beta`.
pub fn smooth_l1_loss(xs: &Tensor, target: &Tensor, reduction: usize, beta: f64) -> Result<Tensor> {
    let terms = loss_terms(xs, target, |x, y| match (x - y).abs() {
        z if z < beta => 0.5 * z * z / beta,
        z => z - 0.5 * beta,
    })?;
    reduced_loss(&terms, reduction, xs)
}
