use super::linalg_solve;
use candle_core::{DType, Result, Tensor};

/// Returns what `linalg_solve` does, and 0 for each matrix of `a`. Refuses one that is singular.
pub fn linalg_solve_ex(
    a: &Tensor,
    b: &Tensor,
    left: bool,
    is_vector: bool,
) -> Result<(Tensor, Tensor)> {
    let info = Tensor::zeros(&a.dims()[..a.rank() - 2], DType::I32, a.device())?;
    Ok((linalg_solve(a, b, left, is_vector)?, info))
}
