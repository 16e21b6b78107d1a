use super::map_values;
use candle_core::{Result, Tensor};

/// Returns `value` for what is at most `threshold`, and the rest as it is.
pub fn threshold(xs: &Tensor, threshold: f64, value: f64) -> Result<Tensor> {
    map_values(xs, |x| if x <= threshold { value } else { x })
}
