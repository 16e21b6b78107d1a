use super::{digamma, ln_gamma, map_values, zeta};
use candle_core::{Result, Tensor};
use std::f64::consts::PI;

/// Returns the derivative of order `n` of the digamma function.
pub fn polygamma(n: usize, xs: &Tensor) -> Result<Tensor> {
    let order = n as f64;
    match n {
        0 => digamma(xs),
        1 => map_values(xs, |x| match x < 0.5 {
            // Reflected: the series for negative numbers is the wrong branch.
            true => (PI / (PI * (x - x.round())).sin()).powi(2) - zeta(2., 1. - x),
            false => zeta(2., x),
        }),
        _ => map_values(xs, |x| {
            let sign = if n.is_multiple_of(2) { -1. } else { 1. };
            sign * ln_gamma(order + 1.).exp() * zeta(order + 1., x)
        }),
    }
}
