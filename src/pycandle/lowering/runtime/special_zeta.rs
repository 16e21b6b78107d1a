use super::{map_pairs, zeta};
use candle_core::{Result, Tensor};

/// Returns the Hurwitz zeta function of `xs` and `other`; shapes broadcast.
pub fn special_zeta(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    map_pairs(xs, other, zeta)
}
