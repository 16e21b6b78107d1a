use super::map_pairs;
use candle_core::{Result, Tensor};

/// Returns `x` times 2 to the power of `other`; shapes broadcast.
pub fn ldexp(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    map_pairs(xs, other, |x, y| x * y.exp2())
}
