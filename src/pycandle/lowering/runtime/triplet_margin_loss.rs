use super::{loss_terms, pairwise_distance, reduced_loss};
use candle_core::{DType, Result, Tensor};

/// Returns what a negative lacks to be `margin` farther from the anchor than a positive; if `swap`,
/// the negative's distance to the positive counts where it is less.
#[allow(clippy::too_many_arguments)] // Those of the schema.
pub fn triplet_margin_loss(
    anchor: &Tensor,
    positive: &Tensor,
    negative: &Tensor,
    margin: f64,
    p: f64,
    eps: f64,
    swap: bool,
    reduction: usize,
) -> Result<Tensor> {
    let between = |x: &Tensor, y: &Tensor| {
        pairwise_distance(
            &x.to_dtype(DType::F64)?,
            &y.to_dtype(DType::F64)?,
            p,
            eps,
            false,
        )
    };
    let near = between(anchor, positive)?;
    let mut far = between(anchor, negative)?;
    if swap {
        far = loss_terms(&far, &between(positive, negative)?, |x, y| {
            if y < x || y.is_nan() {
                y
            } else {
                x
            }
        })?;
    }
    let terms = loss_terms(&near, &far, |near, far| {
        let short = margin + near - far;
        if short < 0. {
            0.
        } else {
            short
        }
    })?;
    reduced_loss(&terms, reduction, anchor)
}
