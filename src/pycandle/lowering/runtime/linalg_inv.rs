use super::{solved_matrix, square_matrices_of, tensor_of_matrices};
use candle_core::{Result, Tensor};

/// Returns the inverse of each matrix. Refuses one that is singular.
pub fn linalg_inv(xs: &Tensor) -> Result<Tensor> {
    let (matrices, n) = square_matrices_of(xs)?;
    let ones = (0..n * n).map(|i| if i / n == i % n { 1. } else { 0. });
    let ones = ones.collect::<Vec<f64>>();
    let found = matrices.iter().map(|a| solved_matrix(a, &ones, n, n));
    tensor_of_matrices(found.collect::<Result<Vec<_>>>()?, n, n, xs)
}
