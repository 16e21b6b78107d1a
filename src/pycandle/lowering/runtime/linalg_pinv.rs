use super::{matrices_of, singular_values, tensor_of_matrices, transposed_matrix};
use candle_core::{Result, Tensor};

/// Returns the pseudoinverse of each matrix, of which singular values up to `atol`, or up to `rtol`
/// times the largest, count as 0.
pub fn linalg_pinv(xs: &Tensor, atol: f64, rtol: f64) -> Result<Tensor> {
    let (matrices, rows, columns) = matrices_of(xs)?;
    let inverse = |a: &Vec<f64>| {
        let is_tall = rows >= columns;
        let (long, short) = (rows.max(columns), rows.min(columns));
        let turned = if is_tall {
            a.clone()
        } else {
            transposed_matrix(a, rows, columns)
        };
        let (left, values, right) = singular_values(&turned, long, short);
        let least = atol.max(rtol * values.first().copied().unwrap_or(0.));
        // (short, long): the transpose of the directions, each divided by its value's square.
        let mut found = vec![0f64; short * long];
        for (k, value) in values
            .iter()
            .enumerate()
            .filter(|(_, value)| **value > least)
        {
            for (i, row) in found.chunks_exact_mut(long.max(1)).enumerate() {
                let factor = right[k][i] / (value * value);
                row.iter_mut()
                    .zip(&left[k])
                    .for_each(|(y, x)| *y += factor * x);
            }
        }
        if is_tall {
            found
        } else {
            transposed_matrix(&found, short, long)
        }
    };
    let found = matrices.iter().map(inverse).collect();
    tensor_of_matrices(found, columns, rows, xs)
}
