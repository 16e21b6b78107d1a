use super::map_integers;
use candle_core::{Result, Tensor};

/// Returns integers shifted to the right by `other` bits, which fill up with the sign; shapes
/// broadcast.
pub fn bitwise_right_shift(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    let bits = 8 * xs.dtype().size_in_bytes() as i64;
    map_integers(xs, other, |x, y| match y < 0 || y >= bits {
        true => x >> 63,
        false => x >> y,
    })
}
