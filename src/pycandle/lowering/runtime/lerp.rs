use candle_core::{Result, Tensor};

/// Returns `xs` moved towards `end` by a part `weight` of the way; shapes broadcast.
///
/// As in PyTorch, from the nearer end, so that the weight 1 gives `end` itself.
pub fn lerp(xs: &Tensor, end: &Tensor, weight: &Tensor) -> Result<Tensor> {
    let way = end.broadcast_sub(xs)?;
    let from_start = xs.broadcast_add(&weight.broadcast_mul(&way)?)?;
    let rest = (1. - weight)?;
    let from_end = end.broadcast_sub(&rest.broadcast_mul(&way)?)?;
    let near = weight.abs()?.lt(0.5)?.broadcast_as(from_start.shape())?;
    near.where_cond(&from_start, &from_end.broadcast_as(from_start.shape())?)
}
