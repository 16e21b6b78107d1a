use super::map_values;
use candle_core::{Result, Tensor};
use std::f64::consts::PI;

/// Returns the derivative of the logarithm of the gamma function. Infinite at 0, with the sign
/// turned, and NaN at the negative integers.
pub fn digamma(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, digamma_of)
}

fn digamma_of(x: f64) -> f64 {
    if x == 0. {
        return f64::INFINITY.copysign(-x);
    }
    if x < 0. {
        return match x == x.trunc() {
            true => f64::NAN,
            false => digamma_of(1. - x) - PI / (PI * (x - x.round())).tan(),
        };
    }
    let (mut x, mut sum) = (x, 0.);
    while x < 10. {
        sum -= 1. / x;
        x += 1.;
    }
    let z = 1. / (x * x);
    // B(2n) / 2n, for which the series of the asymptote is named after Bernoulli.
    let terms = [
        1. / 12.,
        -1. / 120.,
        1. / 252.,
        -1. / 240.,
        1. / 132.,
        -691. / 32_760.,
        1. / 12.,
    ];
    let series = terms.iter().rev().fold(0., |y, term| (y + term) * z);
    sum + x.ln() - 0.5 / x - series
}
