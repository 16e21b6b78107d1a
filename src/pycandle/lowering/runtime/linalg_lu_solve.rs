use super::{broadcast_matrices, f64_values, matrices_of, square_matrices_of};
use super::{tensor_of_matrices, transposed_matrix, triangular_in_place};
use candle_core::{bail, Result, Tensor};

/// Returns x for `a @ x = b`, where `linalg_lu_factor` made `lu` and `swaps` of `a`, or for
/// `x @ a = b` where not `left`; with `adjoint` the transpose of `a` is meant. Leading dims broadcast.
pub fn linalg_lu_solve(
    lu: &Tensor,
    swaps: &Tensor,
    b: &Tensor,
    left: bool,
    adjoint: bool,
) -> Result<Tensor> {
    let swaps = swaps.unsqueeze(swaps.rank())?;
    let (_, swaps) = broadcast_matrices(b, &swaps)?;
    let (lu, b) = broadcast_matrices(lu, b)?;
    let (matrices, n) = square_matrices_of(&lu)?;
    let (wanted, rows, columns) = matrices_of(&b)?;
    let swaps = f64_values(&swaps)?;
    if n != if left { rows } else { columns } || swaps.len() != n * wanted.len() {
        bail!("linalg_lu_solve: {n} x {n} beside {rows} x {columns}")
    }
    if swaps.iter().any(|row| *row < 1. || *row > n as f64) {
        bail!("linalg_lu_solve: a row outside 1 to {n}")
    }
    let solve = |(i, b): (usize, Vec<f64>)| {
        let swaps = &swaps[i * n..][..n];
        match left {
            true => solved_by_factors(&matrices[i], swaps, b, adjoint),
            // `x @ a = b` is `a^T @ x^T = b^T`.
            false => {
                let turned = transposed_matrix(&b, rows, n);
                transposed_matrix(
                    &solved_by_factors(&matrices[i], swaps, turned, !adjoint),
                    n,
                    rows,
                )
            }
        }
    };
    let found = wanted.into_iter().enumerate().map(solve).collect();
    tensor_of_matrices(found, rows, columns, &b)
}

/// Returns x for one matrix, or for its transpose.
fn solved_by_factors(lu: &[f64], swaps: &[f64], mut b: Vec<f64>, transposed: bool) -> Vec<f64> {
    let n = swaps.len();
    let columns = b.len() / n.max(1);
    let swap = |b: &mut Vec<f64>, k: usize| {
        let other = swaps[k] as usize - 1;
        (0..columns).for_each(|j| b.swap(k * columns + j, other * columns + j));
    };
    if transposed {
        let turned = transposed_matrix(lu, n, n);
        triangular_in_place(&turned, &mut b, n, columns, false, false);
        triangular_in_place(&turned, &mut b, n, columns, true, true);
        (0..n).rev().for_each(|k| swap(&mut b, k));
    } else {
        (0..n).for_each(|k| swap(&mut b, k));
        triangular_in_place(lu, &mut b, n, columns, false, true);
        triangular_in_place(lu, &mut b, n, columns, true, false);
    }
    b
}
