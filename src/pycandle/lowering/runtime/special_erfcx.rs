use super::{map_values, scaled_erfc};
use candle_core::{Result, Tensor};

/// Returns `exp(x^2) erfc(x)`.
pub fn special_erfcx(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, scaled_erfc)
}
