use super::{map_pairs, recurrence};
use candle_core::{Result, Tensor};

/// Returns the probabilists' Hermite polynomial of degree `n`; shapes broadcast.
pub fn special_hermite_polynomial_he(xs: &Tensor, n: &Tensor) -> Result<Tensor> {
    map_pairs(xs, n, |x, n| {
        recurrence(n, x, |k, last, before| x * last - k * before)
    })
}
