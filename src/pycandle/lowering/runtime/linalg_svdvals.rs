use super::{matrices_of, singular_values, tensor_like, transposed_matrix};
use candle_core::{Result, Tensor};

/// Returns the singular values of each matrix, the largest first.
pub fn linalg_svdvals(xs: &Tensor) -> Result<Tensor> {
    let (matrices, rows, columns) = matrices_of(xs)?;
    let mut found = vec![];
    for a in &matrices {
        let (_, values, _) = match rows >= columns {
            true => singular_values(a, rows, columns),
            false => singular_values(&transposed_matrix(a, rows, columns), columns, rows),
        };
        found.extend(values);
    }
    let batch = &xs.dims()[..xs.rank() - 2];
    tensor_like(found, [batch, &[rows.min(columns)]].concat(), xs)
}
