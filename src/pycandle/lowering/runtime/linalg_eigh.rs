use super::{square_matrices_of, symmetric_eigen};
use super::{tensor_like, tensor_of_matrices, transposed_matrix};
use candle_core::{Result, Tensor};

/// Returns the eigenvalues of each symmetric matrix, the least first, from its lower triangle or its
/// upper one, and the eigenvectors as columns, which may have the other sign in PyTorch.
pub fn linalg_eigh(xs: &Tensor, upper: bool) -> Result<(Tensor, Tensor)> {
    let (matrices, n) = square_matrices_of(xs)?;
    let (mut values, mut vectors) = (vec![], vec![]);
    for a in &matrices {
        let (of_one, rows) = symmetric_eigen(a, n, upper);
        values.extend(of_one);
        vectors.push(transposed_matrix(&rows.concat(), n, n));
    }
    let values = tensor_like(values, &xs.dims()[..xs.rank() - 1], xs)?;
    Ok((values, tensor_of_matrices(vectors, n, n, xs)?))
}
