use super::{square_matrices_of, tensor_of_matrices, transposed_matrix};
use candle_core::{bail, Result, Tensor};

/// Returns the lower triangle that each matrix is the square of, or the upper one, reading no other
/// half of it. Refuses a matrix that is not positive definite.
pub fn linalg_cholesky(xs: &Tensor, upper: bool) -> Result<Tensor> {
    let (matrices, n) = square_matrices_of(xs)?;
    let mut found = vec![];
    for a in matrices {
        let a = if upper {
            transposed_matrix(&a, n, n)
        } else {
            a
        };
        let mut l = vec![0f64; n * n];
        for i in 0..n {
            for j in 0..=i {
                let met: f64 = (0..j).map(|k| l[i * n + k] * l[j * n + k]).sum();
                let rest = a[i * n + j] - met;
                if i == j && (rest <= 0. || rest.is_nan()) {
                    bail!("linalg_cholesky: minor {} is not positive definite", i + 1)
                }
                l[i * n + j] = if i == j {
                    rest.sqrt()
                } else {
                    rest / l[j * n + j]
                };
            }
        }
        found.push(if upper {
            transposed_matrix(&l, n, n)
        } else {
            l
        });
    }
    tensor_of_matrices(found, n, n, xs)
}
