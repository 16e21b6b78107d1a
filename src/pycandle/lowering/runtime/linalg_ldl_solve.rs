use super::{broadcast_matrices, f64_values, matrices_of, square_matrices_of, tensor_of_matrices};
use candle_core::{bail, Result, Tensor};

/// Returns x for `a @ x = b`, where `linalg_ldl_factor` made `ld` and `swaps` of `a`; leading dims
/// broadcast.
pub fn linalg_ldl_solve(ld: &Tensor, swaps: &Tensor, b: &Tensor) -> Result<Tensor> {
    let swaps = swaps.unsqueeze(swaps.rank())?;
    let (_, swaps) = broadcast_matrices(b, &swaps)?;
    let (ld, b) = broadcast_matrices(ld, b)?;
    let (matrices, n) = square_matrices_of(&ld)?;
    let (mut found, rows, columns) = matrices_of(&b)?;
    let swaps = f64_values(&swaps)?;
    if n != rows || swaps.len() != n * found.len() {
        bail!("linalg_ldl_solve: {n} x {n} beside {rows} x {columns}")
    }
    if swaps.iter().any(|row| *row == 0. || row.abs() > n as f64) {
        bail!("linalg_ldl_solve: a row outside 1 to {n}")
    }
    for (i, b) in found.iter_mut().enumerate() {
        let (ld, swaps) = (&matrices[i], &swaps[i * n..][..n]);
        let blocks = blocks_of(swaps)?;
        for (k, is_pair) in &blocks {
            solve_block(ld, swaps, b, columns, *k, *is_pair);
        }
        for (k, is_pair) in blocks.iter().rev() {
            turn_back(ld, swaps, b, columns, *k, *is_pair);
        }
    }
    tensor_of_matrices(found, rows, columns, &b)
}

/// Returns the first row of each block, and whether it has a second one.
fn blocks_of(swaps: &[f64]) -> Result<Vec<(usize, bool)>> {
    let (mut found, mut k) = (vec![], 0);
    while k < swaps.len() {
        let is_pair = swaps[k] < 0.;
        if is_pair && swaps.get(k + 1) != Some(&swaps[k]) {
            bail!("linalg_ldl_solve: a block of two rows has one")
        }
        found.push((k, is_pair));
        k += 1 + usize::from(is_pair);
    }
    Ok(found)
}

fn swap_known_rows(b: &mut [f64], columns: usize, row: usize, swaps: &[f64]) {
    let other = swaps[row].abs() as usize - 1;
    (0..columns).for_each(|j| b.swap(row * columns + j, other * columns + j));
}

/// Solves for a block, and subtracts what it makes of the rows below.
fn solve_block(ld: &[f64], swaps: &[f64], b: &mut [f64], columns: usize, k: usize, is_pair: bool) {
    let n = swaps.len();
    let last = k + usize::from(is_pair);
    swap_known_rows(b, columns, last, swaps);
    let (head, below) = b.split_at_mut((last + 1) * columns);
    let block = &mut head[k * columns..];
    for (i, row) in (last + 1..n).zip(below.chunks_exact_mut(columns.max(1))) {
        for (column, known) in (k..=last).zip(block.chunks_exact(columns.max(1))) {
            let factor = ld[i * n + column];
            row.iter_mut()
                .zip(known)
                .for_each(|(y, x)| *y -= factor * x);
        }
    }
    if !is_pair {
        block.iter_mut().for_each(|x| *x /= ld[k * n + k]);
        return;
    }
    let across = ld[last * n + k];
    let (first, second) = (ld[k * n + k] / across, ld[last * n + last] / across);
    let scale = first * second - 1.;
    let (upper, lower) = block.split_at_mut(columns);
    for (x, y) in upper.iter_mut().zip(lower) {
        let (p, q) = (*x / across, *y / across);
        (*x, *y) = ((second * p - q) / scale, (first * q - p) / scale);
    }
}

/// Subtracts from a block what the rows below make of it.
fn turn_back(ld: &[f64], swaps: &[f64], b: &mut [f64], columns: usize, k: usize, is_pair: bool) {
    let n = swaps.len();
    let last = k + usize::from(is_pair);
    let (head, below) = b.split_at_mut((last + 1) * columns);
    for (i, known) in (last + 1..n).zip(below.chunks_exact(columns.max(1))) {
        for column in k..=last {
            let factor = ld[i * n + column];
            let row = &mut head[column * columns..][..columns];
            row.iter_mut()
                .zip(known)
                .for_each(|(y, x)| *y -= factor * x);
        }
    }
    swap_known_rows(b, columns, last, swaps);
}
