use super::{loss_terms, reduced_loss};
use candle_core::{Result, Tensor};

/// Returns what the first input lacks to be `margin` above the second where the target is 1, and
/// below it where it is -1.
pub fn margin_ranking_loss(
    xs: &Tensor,
    other: &Tensor,
    target: &Tensor,
    margin: f64,
    reduction: usize,
) -> Result<Tensor> {
    let ahead = loss_terms(xs, other, |x, y| x - y)?;
    let terms = loss_terms(&ahead, target, |ahead, y| {
        let short = margin - y * ahead;
        if short < 0. {
            0.
        } else {
            short
        }
    })?;
    reduced_loss(&terms, reduction, xs)
}
