use super::{loss_terms, reduced_loss};
use candle_core::{Result, Tensor};

/// Returns the input where the target is 1, and what it lacks to `margin` where it is -1.
pub fn hinge_embedding_loss(
    xs: &Tensor,
    target: &Tensor,
    margin: f64,
    reduction: usize,
) -> Result<Tensor> {
    let terms = loss_terms(xs, target, |x, y| {
        let short = if y == 1. { 0. } else { hinge(margin - x) };
        short + if y == -1. { 0. } else { x }
    })?;
    reduced_loss(&terms, reduction, xs)
}

/// As `max(x, 0)`, but NaN of NaN.
fn hinge(x: f64) -> f64 {
    if x < 0. {
        0.
    } else {
        x
    }
}
