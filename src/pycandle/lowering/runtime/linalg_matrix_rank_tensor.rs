use super::{matrices_of, rank_of_matrix, tolerances};
use candle_core::{bail, Device, Result, Tensor};

/// Returns the rank of each matrix as `linalg_matrix_rank`, by tolerances that broadcast with the
/// leading dims; `eps` is the relative one where none is given.
pub fn linalg_matrix_rank_tensor(
    xs: &Tensor,
    atol: Option<&Tensor>,
    rtol: Option<&Tensor>,
    eps: f64,
    hermitian: bool,
) -> Result<Tensor> {
    let (batch, limits) = tolerances(xs, atol, rtol, eps)?;
    let sides = &xs.dims()[xs.rank() - 2..];
    let (matrices, rows, columns) = matrices_of(&xs.broadcast_as([batch.dims(), sides].concat())?)?;
    if hermitian && rows != columns {
        bail!("linalg_matrix_rank: {rows} x {columns} matrices are not square")
    }
    let rank =
        |(a, limit): (&Vec<f64>, &(f64, f64))| rank_of_matrix(a, rows, columns, *limit, hermitian);
    let ranks = matrices.iter().zip(&limits).map(rank).collect::<Vec<_>>();
    Tensor::from_vec(ranks, batch, &Device::Cpu)?.to_device(xs.device())
}
