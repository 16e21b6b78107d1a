use super::map_pairs;
use candle_core::{Result, Tensor};

/// Returns 0 below 0, 1 above, and the element of `values` at 0; shapes broadcast.
pub fn heaviside(xs: &Tensor, values: &Tensor) -> Result<Tensor> {
    map_pairs(xs, values, |x, value| match x {
        0. => value,
        _ if x < 0. => 0.,
        _ if x > 0. => 1.,
        // As in PyTorch, whose two comparisons NaN fails.
        _ => 0.,
    })
}
