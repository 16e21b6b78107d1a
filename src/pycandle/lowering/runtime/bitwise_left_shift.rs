use super::map_integers;
use candle_core::{Result, Tensor};

/// Returns integers shifted to the left by `other` bits, 0 where those are all bits or negative;
/// shapes broadcast.
pub fn bitwise_left_shift(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    let bits = 8 * xs.dtype().size_in_bytes() as i64;
    map_integers(xs, other, |x, y| match y < 0 || y >= bits {
        true => 0,
        false => (x << y) << (64 - bits) >> (64 - bits),
    })
}
