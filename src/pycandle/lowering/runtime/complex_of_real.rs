use super::complex;
use candle_core::{Result, Tensor};

/// Returns real numbers as complex ones in pairs.
pub fn complex_of_real(xs: &Tensor) -> Result<Tensor> {
    complex(xs, &xs.zeros_like()?)
}
