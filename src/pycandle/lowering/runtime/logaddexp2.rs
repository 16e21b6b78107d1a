use super::map_pairs;
use candle_core::{Result, Tensor};
use std::f64::consts::LN_2;

/// Returns the logarithm to base 2 of the sum of two powers of 2; shapes broadcast.
pub fn logaddexp2(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    map_pairs(xs, other, |x, y| match x == y && x.is_infinite() {
        true => x,
        false => x.max(y) + (-(x - y).abs()).exp2().ln_1p() / LN_2,
    })
}
