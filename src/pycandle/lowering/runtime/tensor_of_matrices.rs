use super::tensor_like;
use candle_core::{Result, Tensor};

/// Returns matrices as a tensor with the leading dims, dtype and device of another.
pub fn tensor_of_matrices(
    matrices: Vec<Vec<f64>>,
    rows: usize,
    columns: usize,
    like: &Tensor,
) -> Result<Tensor> {
    let batch = &like.dims()[..like.rank() - 2];
    tensor_like(matrices.concat(), [batch, &[rows, columns]].concat(), like)
}
