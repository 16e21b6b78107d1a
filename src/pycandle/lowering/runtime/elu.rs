use super::map_values;
use candle_core::{Result, Tensor};

/// Returns `scale` times what is above 0, and `scale * alpha * (exp(input_scale * xs) - 1)` below.
pub fn elu(xs: &Tensor, alpha: f64, scale: f64, input_scale: f64) -> Result<Tensor> {
    map_values(xs, |x| {
        if x <= 0. {
            scale * alpha * (x * input_scale).exp_m1()
        } else {
            scale * x
        }
    })
}
