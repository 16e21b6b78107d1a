use super::linalg_slogdet;
use candle_core::{Result, Tensor};

/// Returns the logarithm of the determinant of each matrix, NaN where that is below 0.
pub fn logdet(xs: &Tensor) -> Result<Tensor> {
    let (sign, log) = linalg_slogdet(xs)?;
    let lost = Tensor::full(f64::NAN, log.shape(), log.device())?.to_dtype(log.dtype())?;
    sign.lt(0f64)?.where_cond(&lost, &log)
}
