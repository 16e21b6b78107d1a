use super::{map_pairs, recurrence};
use candle_core::{Result, Tensor};

/// Returns the Chebyshev polynomial of the first kind of degree `n`; shapes broadcast.
pub fn special_chebyshev_polynomial_t(xs: &Tensor, n: &Tensor) -> Result<Tensor> {
    map_pairs(xs, n, |x, n| {
        recurrence(n, x, |_, last, before| 2. * x * last - before)
    })
}
