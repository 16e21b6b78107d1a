use super::{matrices_of, orthonormal_columns, singular_values};
use super::{tensor_like, tensor_of_matrices, transposed_matrix};
use candle_core::{bail, Result, Tensor};

/// Returns matrices with orthonormal columns, the singular values, the largest first, and matrices
/// with orthonormal rows, whose product is each matrix: as many as the shorter side, or with
/// `full_matrices` square ones. A column and its row may both have the other sign in PyTorch.
pub fn linalg_svd(xs: &Tensor, full_matrices: bool) -> Result<(Tensor, Tensor, Tensor)> {
    let (matrices, rows, columns) = matrices_of(xs)?;
    let (long, short) = (rows.max(columns), rows.min(columns));
    let width = if full_matrices { long } else { short };
    let (mut left, mut found, mut right) = (vec![], vec![], vec![]);
    for a in &matrices {
        if a.iter().any(|x| !x.is_finite()) {
            bail!("linalg_svd: a matrix has values that are not finite")
        }
        let turned = match rows >= columns {
            true => a.clone(),
            false => transposed_matrix(a, rows, columns),
        };
        let (directions, values, across) = singular_values(&turned, long, short);
        found.extend(values);
        let along = orthonormal_columns(&directions, long, width).concat();
        // Many rotations made them, each with an error in its last bit.
        let across = orthonormal_columns(&across, short, short).concat();
        match rows >= columns {
            true => {
                left.push(transposed_matrix(&along, width, long));
                right.push(across);
            }
            false => {
                left.push(transposed_matrix(&across, short, short));
                right.push(along);
            }
        }
    }
    let (columns_of_left, rows_of_right) = match rows >= columns {
        true => (width, short),
        false => (short, width),
    };
    let batch = &xs.dims()[..xs.rank() - 2];
    Ok((
        tensor_of_matrices(left, rows, columns_of_left, xs)?,
        tensor_like(found, [batch, &[short]].concat(), xs)?,
        tensor_of_matrices(right, rows_of_right, columns, xs)?,
    ))
}
