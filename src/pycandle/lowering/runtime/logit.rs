use super::map_values;
use candle_core::{Result, Tensor};

/// Returns `ln(x / (1 - x))`; with `eps`, of numbers limited to `eps..=1 - eps`.
pub fn logit(xs: &Tensor, eps: Option<f64>) -> Result<Tensor> {
    map_values(xs, |x| {
        let x = match eps {
            Some(eps) if x < eps => eps,
            Some(eps) if x > 1. - eps => 1. - eps,
            _ => x,
        };
        (x / (1. - x)).ln()
    })
}
