use candle_core::{Result, Shape, Tensor};

/// Returns two tensors of matrices with common leading dims, which broadcast.
pub fn broadcast_matrices(a: &Tensor, b: &Tensor) -> Result<(Tensor, Tensor)> {
    let leading = |xs: &Tensor| xs.rank().max(2) - 2;
    let batch = |xs: &Tensor| Shape::from(&xs.dims()[..leading(xs)]);
    let common = batch(a).broadcast_shape_binary_op(&batch(b), "broadcast_matrices")?;
    let whole = |xs: &Tensor| xs.broadcast_as([common.dims(), &xs.dims()[leading(xs)..]].concat());
    Ok((whole(a)?, whole(b)?))
}
