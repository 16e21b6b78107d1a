use super::map_integers;
use candle_core::{Result, Tensor};

/// Returns the greatest common divisor of integers; shapes broadcast.
pub fn gcd(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    map_integers(xs, other, divisor)
}

fn divisor(x: i64, y: i64) -> i64 {
    match y {
        0 => x.wrapping_abs(),
        _ => divisor(y, x.wrapping_rem(y)),
    }
}
