use super::{map_pairs, recurrence};
use candle_core::{Result, Tensor};

/// Returns the physicists' Hermite polynomial of degree `n`; shapes broadcast.
pub fn special_hermite_polynomial_h(xs: &Tensor, n: &Tensor) -> Result<Tensor> {
    map_pairs(xs, n, |x, n| {
        recurrence(n, 2. * x, |k, last, before| 2. * x * last - 2. * k * before)
    })
}
