use super::{spectral_sum, square_matrices_of, symmetric_eigen, tensor_of_matrices};
use candle_core::{Result, Tensor};

/// Returns the symmetric matrix whose square is each symmetric one, from its lower triangle; a
/// negative eigenvalue counts as 0.
pub fn linalg_matrix_sqrth(xs: &Tensor) -> Result<Tensor> {
    let (matrices, n) = square_matrices_of(xs)?;
    let root = |a: &Vec<f64>| {
        let (values, vectors) = symmetric_eigen(a, n, false);
        // Not `max`, which drops NaN.
        let roots = values.iter().map(|x| if *x < 0. { 0. } else { x.sqrt() });
        spectral_sum(roots, &vectors, n)
    };
    tensor_of_matrices(matrices.iter().map(root).collect(), n, n, xs)
}
