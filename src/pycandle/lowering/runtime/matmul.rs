use candle_core::{Result, Shape, Tensor};

/// Returns the products of matrices, of any rank, whose leading dims broadcast.
pub fn matmul(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    let (xs_batch, (m, k)) = leading_and_matrix(xs)?;
    let (other_batch, (_, n)) = leading_and_matrix(other)?;
    let batch = xs_batch.broadcast_shape_binary_op(&other_batch, "matmul")?;
    let whole = |xs: &Tensor, rows: usize| -> Result<Tensor> {
        let columns = xs.dim(xs.rank() - 1)?;
        let dims = [batch.dims(), &[rows, columns]].concat();
        xs.broadcast_as(dims)?
            .reshape((batch.elem_count(), rows, columns))
    };
    let product = whole(xs, m)?
        .contiguous()?
        .matmul(&whole(other, k)?.contiguous()?)?;
    product.reshape([batch.dims(), &[m, n]].concat())
}

fn leading_and_matrix(xs: &Tensor) -> Result<(Shape, (usize, usize))> {
    let dims = xs.dims();
    match dims {
        [batch @ .., rows, columns] => Ok((Shape::from(batch), (*rows, *columns))),
        _ => candle_core::bail!("matmul: {dims:?} is no matrix"),
    }
}
