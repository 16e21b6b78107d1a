use super::map_pairs;
use candle_core::{Result, Tensor};

/// Returns the logarithm of the sum of the exponentials of two elements; shapes broadcast.
pub fn logaddexp(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    map_pairs(xs, other, |x, y| match x == y && x.is_infinite() {
        true => x,
        false => x.max(y) + (-(x - y).abs()).exp().ln_1p(),
    })
}
