use super::map_pairs;
use candle_core::{Result, Tensor};

/// Returns `x ln(1 + y)`, which is 0 where `x` is, but for NaN; shapes broadcast.
pub fn special_xlog1py(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    map_pairs(xs, other, |x, y| match x == 0. && !y.is_nan() {
        true => 0.,
        false => x * y.ln_1p(),
    })
}
