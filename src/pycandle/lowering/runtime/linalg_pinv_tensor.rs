use super::{matrices_of, pseudoinverse, tensor_like, tolerances};
use candle_core::{bail, Result, Tensor};

/// Returns the pseudoinverse of each matrix as `linalg_pinv`, by tolerances that broadcast with the
/// leading dims; `eps` is the relative one where none is given.
pub fn linalg_pinv_tensor(
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
        bail!("linalg_pinv: {rows} x {columns} matrices are not square")
    }
    let inverse =
        |(a, limit): (&Vec<f64>, &(f64, f64))| pseudoinverse(a, rows, columns, *limit, hermitian);
    let found = matrices.iter().zip(&limits).map(inverse);
    let shape = [batch.dims(), &[columns, rows]].concat();
    tensor_like(found.collect::<Vec<_>>().concat(), shape, xs)
}
