use candle_core::{Result, Tensor};

/// Returns the cross products of the vectors along a dim of size 3; shapes broadcast.
pub fn linalg_cross(xs: &Tensor, other: &Tensor, dim: usize) -> Result<Tensor> {
    let shape = xs
        .shape()
        .broadcast_shape_binary_op(other.shape(), "linalg_cross")?;
    let part = |x: &Tensor, i: usize| x.broadcast_as(&shape)?.narrow(dim, i % 3, 1);
    let parts = (0..3).map(|i| {
        (part(xs, i + 1)? * part(other, i + 2)?)? - (part(xs, i + 2)? * part(other, i + 1)?)?
    });
    let parts = parts.collect::<Result<Vec<_>>>()?;
    Tensor::cat(&parts, dim)?.contiguous()
}
