use super::{map_pairs, recurrence};
use candle_core::{Result, Tensor};

/// Returns the Chebyshev polynomial of the second kind of degree `n`, shifted from -1 to 1 to 0 to 1; shapes
/// broadcast.
pub fn special_shifted_chebyshev_polynomial_u(xs: &Tensor, n: &Tensor) -> Result<Tensor> {
    map_pairs(xs, n, |x, n| {
        let x = 2. * x - 1.;
        recurrence(n, 2. * x, |_, last, before| 2. * x * last - before)
    })
}
