use super::{broadcast_matrices, matrices_of, square_matrices_of, tensor_of_matrices};
use super::{transposed_matrix, triangular_in_place};
use candle_core::{bail, Result, Tensor};

/// Returns x for `a @ x = b`, or for `x @ a = b` where not `left`, for a triangle of `a`, whose
/// diagonal counts as ones if `unitriangular`; leading dims broadcast.
pub fn linalg_solve_triangular(
    a: &Tensor,
    b: &Tensor,
    upper: bool,
    left: bool,
    unitriangular: bool,
) -> Result<Tensor> {
    let (a, b) = broadcast_matrices(a, b)?;
    let (matrices, n) = square_matrices_of(&a)?;
    let (wanted, rows, columns) = matrices_of(&b)?;
    if n != if left { rows } else { columns } {
        bail!("linalg_solve_triangular: {n} x {n} beside {rows} x {columns}")
    }
    let solve = |(a, mut b): (Vec<f64>, Vec<f64>)| match left {
        true => {
            triangular_in_place(&a, &mut b, n, columns, upper, unitriangular);
            b
        }
        false => {
            let (a, mut b) = (transposed_matrix(&a, n, n), transposed_matrix(&b, rows, n));
            triangular_in_place(&a, &mut b, n, rows, !upper, unitriangular);
            transposed_matrix(&b, n, rows)
        }
    };
    let found = matrices.into_iter().zip(wanted).map(solve).collect();
    tensor_of_matrices(found, rows, columns, &b)
}
