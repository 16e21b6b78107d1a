use super::{linalg_inv, matmul};
use candle_core::{DType, Result, Tensor};

/// Returns each square matrix, or where `n` is below 0 its inverse, multiplied with itself.
pub fn matrix_power(xs: &Tensor, n: i64) -> Result<Tensor> {
    let wide = xs.to_dtype(DType::F64)?;
    let mut factor = if n < 0 { linalg_inv(&wide)? } else { wide };
    let size = xs.dim(xs.rank() - 1)?;
    let ones = Tensor::eye(size, DType::F64, xs.device())?;
    let mut found = ones.broadcast_as(xs.shape())?.contiguous()?;
    let mut left = n.unsigned_abs();
    while left > 0 {
        if left % 2 == 1 {
            found = matmul(&found, &factor)?;
        }
        factor = matmul(&factor, &factor)?;
        left /= 2;
    }
    found.to_dtype(xs.dtype())
}
