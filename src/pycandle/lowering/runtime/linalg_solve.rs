use super::{broadcast_matrices, matrices_of, solved_matrix, square_matrices_of, tensor_like};
use super::{tensor_of_matrices, transposed_matrix};
use candle_core::{bail, Result, Tensor};

/// Returns x for `a @ x = b`, or for `x @ a = b` where not `left`; leading dims broadcast. With
/// `is_vector` the last dim of `b` is one column. Refuses an `a` that is singular.
pub fn linalg_solve(a: &Tensor, b: &Tensor, left: bool, is_vector: bool) -> Result<Tensor> {
    let columns = if is_vector {
        b.unsqueeze(b.rank())?
    } else {
        b.clone()
    };
    let (a, b) = broadcast_matrices(a, &columns)?;
    let (matrices, n) = square_matrices_of(&a)?;
    let (wanted, rows, width) = matrices_of(&b)?;
    if n != if left { rows } else { width } {
        bail!("linalg_solve: {n} x {n} beside {rows} x {width}")
    }
    let mut found = vec![];
    for (a, b) in matrices.iter().zip(&wanted) {
        found.push(match left {
            true => solved_matrix(a, b, n, width)?,
            false => {
                let (a, b) = (transposed_matrix(a, n, n), transposed_matrix(b, rows, n));
                transposed_matrix(&solved_matrix(&a, &b, n, rows)?, n, rows)
            }
        });
    }
    match is_vector {
        true => tensor_like(found.concat(), &b.dims()[..b.rank() - 1], &b),
        false => tensor_of_matrices(found, rows, width, &b),
    }
}
