use super::map_values;
use candle_core::{Result, Tensor};

/// Returns 0 for what is no larger than `lambd`, and the rest as it is.
pub fn hardshrink(xs: &Tensor, lambd: f64) -> Result<Tensor> {
    map_values(xs, |x| if (-lambd..=lambd).contains(&x) { 0. } else { x })
}
