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
    let (xs, other) = (whole(xs, m)?.contiguous()?, whole(other, k)?.contiguous()?);
    let product = match xs.dtype().is_int() {
        true => of_integers(&xs, &other)?,
        false => xs.matmul(&other)?,
    };
    product.reshape([batch.dims(), &[m, n]].concat())
}

fn leading_and_matrix(xs: &Tensor) -> Result<(Shape, (usize, usize))> {
    let dims = xs.dims();
    match dims {
        [batch @ .., rows, columns] => Ok((Shape::from(batch), (*rows, *columns))),
        _ => candle_core::bail!("matmul: {dims:?} is no matrix"),
    }
}

/// Candle multiplies matrices of floats only.
fn of_integers(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    let (batch, m, k) = xs.dims3()?;
    let mut sum = Tensor::zeros((batch, m, other.dim(2)?), xs.dtype(), xs.device())?;
    for i in 0..k {
        let (column, row) = (xs.narrow(2, i, 1)?, other.narrow(1, i, 1)?);
        sum = (sum + column.broadcast_mul(&row)?)?;
    }
    Ok(sum)
}
