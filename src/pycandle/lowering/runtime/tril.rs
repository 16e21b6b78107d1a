use candle_core::{Result, Tensor};

/// Returns matrices with zeros but on and below a diagonal: the main one, or one `diagonal` to its
/// right.
pub fn tril(xs: &Tensor, diagonal: i64) -> Result<Tensor> {
    let rank = xs.rank();
    if rank < 2 {
        candle_core::bail!("tril: a tensor of rank {rank}, not of matrices")
    }
    let (rows, columns) = (xs.dim(rank - 2)? as i64, xs.dim(rank - 1)? as i64);
    let last = Tensor::arange(diagonal, rows + diagonal, xs.device())?.unsqueeze(1)?;
    let column = Tensor::arange(0, columns, xs.device())?.unsqueeze(0)?;
    let kept = column.broadcast_le(&last)?.broadcast_as(xs.shape())?;
    kept.where_cond(xs, &xs.zeros_like()?)
}
