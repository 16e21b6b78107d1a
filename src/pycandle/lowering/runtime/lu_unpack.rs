use super::{f64_values, matrices_of, tensor_of_matrices};
use candle_core::{Result, Tensor};

/// Returns the permutation, the lower triangle with its ones and the upper one that a matrix was
/// decomposed into, from what `linalg_lu_factor` returns.
pub fn lu_unpack(lu: &Tensor, swaps: &Tensor) -> Result<(Tensor, Tensor, Tensor)> {
    let (matrices, rows, columns) = matrices_of(lu)?;
    let count = rows.min(columns);
    let swaps = f64_values(swaps)?;
    let (mut permutations, mut lower, mut upper) = (vec![], vec![], vec![]);
    for (i, a) in matrices.iter().enumerate() {
        let mut order = (0..rows).collect::<Vec<_>>();
        for (k, other) in swaps[i * count..][..count].iter().enumerate() {
            order.swap(k, *other as usize - 1);
        }
        let mut permutation = vec![0f64; rows * rows];
        order
            .iter()
            .enumerate()
            .for_each(|(i, row)| permutation[row * rows + i] = 1.);
        permutations.push(permutation);
        let below = |i: usize| match (i / count, i % count) {
            (row, column) if row == column => 1.,
            (row, column) if row > column => a[row * columns + column],
            _ => 0.,
        };
        lower.push((0..rows * count).map(below).collect());
        let above = |i: usize| if i / columns <= i % columns { a[i] } else { 0. };
        upper.push((0..count * columns).map(above).collect());
    }
    Ok((
        tensor_of_matrices(permutations, rows, rows, lu)?,
        tensor_of_matrices(lower, rows, count, lu)?,
        tensor_of_matrices(upper, count, columns, lu)?,
    ))
}
