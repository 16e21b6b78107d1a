use super::map_integers;
use candle_core::{Result, Tensor};

/// Returns the least common multiple of integers, 0 where one of them is 0; shapes broadcast.
pub fn lcm(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    map_integers(xs, other, |x, y| {
        let (mut a, mut b) = (x, y);
        while b != 0 {
            (a, b) = (b, a.wrapping_rem(b));
        }
        if a == 0 {
            return 0;
        }
        x.wrapping_div(a).wrapping_mul(y).wrapping_abs()
    })
}
