use super::{map_pairs, recurrence};
use candle_core::{Result, Tensor};

/// Returns the Legendre polynomial of degree `n`; shapes broadcast.
pub fn special_legendre_polynomial_p(xs: &Tensor, n: &Tensor) -> Result<Tensor> {
    map_pairs(xs, n, |x, n| {
        recurrence(n, x, |k, last, before| {
            ((2. * k + 1.) * x * last - k * before) / (k + 1.)
        })
    })
}
