use super::map_values;
use candle_core::{Result, Tensor};

/// Returns `-x ln(x)`, which is 0 at 0 and infinite below.
pub fn special_entr(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, |x| match x {
        0. => 0.,
        _ if x < 0. => f64::NEG_INFINITY,
        _ => -x * x.ln(),
    })
}
