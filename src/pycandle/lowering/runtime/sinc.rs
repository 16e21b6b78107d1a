use super::map_values;
use candle_core::{Result, Tensor};
use std::f64::consts::PI;

/// Returns `sin(pi x) / (pi x)`, which is 1 at 0.
pub fn sinc(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, |x| {
        if x == 0. {
            1.
        } else {
            (PI * x).sin() / (PI * x)
        }
    })
}
