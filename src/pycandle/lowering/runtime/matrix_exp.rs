use super::{matmul, matrix_norm};
use candle_core::{DType, Result, Tensor};

/// Returns the exponential of each square matrix: by its series, halved until that is short, and
/// squared as often.
pub fn matrix_exp(xs: &Tensor) -> Result<Tensor> {
    let wide = xs.to_dtype(DType::F64)?.contiguous()?;
    if xs.elem_count() == 0 {
        return Ok(xs.clone());
    }
    let rank = xs.rank();
    let norm = matrix_norm(&wide, "1", [rank - 2, rank - 1], false)?;
    let norm = norm.max_all()?.to_scalar::<f64>()?;
    let halvings = norm.max(1e-9).log2().ceil().clamp(0., 1000.) as i32;
    let small = (wide / 2f64.powi(halvings))?;
    let ones = Tensor::eye(xs.dim(rank - 1)?, DType::F64, xs.device())?;
    let mut term = ones.broadcast_as(xs.shape())?.contiguous()?;
    let mut sum = term.clone();
    for k in 1..=18 {
        term = (matmul(&term, &small)? / k as f64)?;
        sum = (sum + &term)?;
    }
    for _ in 0..halvings {
        sum = matmul(&sum, &sum)?;
    }
    sum.to_dtype(xs.dtype())
}
