use super::{map_pairs, recurrence};
use candle_core::{Result, Tensor};

/// Returns the Laguerre polynomial of degree `n`; shapes broadcast.
pub fn special_laguerre_polynomial_l(xs: &Tensor, n: &Tensor) -> Result<Tensor> {
    map_pairs(xs, n, |x, n| {
        recurrence(n, 1. - x, |k, last, before| {
            ((2. * k + 1. - x) * last - k * before) / (k + 1.)
        })
    })
}
