use super::map_values;
use candle_core::{Result, Tensor};

/// Returns elements nearer to 0 by `lambd`, and 0 for those that are no farther.
pub fn softshrink(xs: &Tensor, lambd: f64) -> Result<Tensor> {
    map_values(xs, |x| match x {
        x if x > lambd => x - lambd,
        x if x < -lambd => x + lambd,
        x if x.is_nan() => x,
        _ => 0.,
    })
}
