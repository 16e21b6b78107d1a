use super::{square_matrices_of, symmetric_eigen, tensor_like};
use candle_core::{Result, Tensor};

/// Returns the eigenvalues of each symmetric matrix, the least first, from its lower triangle or its
/// upper one.
pub fn linalg_eigvalsh(xs: &Tensor, upper: bool) -> Result<Tensor> {
    let (matrices, n) = square_matrices_of(xs)?;
    let values = matrices.iter().flat_map(|a| symmetric_eigen(a, n, upper).0);
    tensor_like(values.collect(), &xs.dims()[..xs.rank() - 1], xs)
}
