use super::linalg_inv;
use candle_core::{DType, Result, Tensor};

/// Returns the inverse of each matrix, and 0 for each. Refuses one that is singular.
pub fn linalg_inv_ex(xs: &Tensor) -> Result<(Tensor, Tensor)> {
    let info = Tensor::zeros(&xs.dims()[..xs.rank() - 2], DType::I32, xs.device())?;
    Ok((linalg_inv(xs)?, info))
}
