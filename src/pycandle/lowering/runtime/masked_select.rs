use super::index_by_mask;
use candle_core::{Result, Tensor};

/// Returns the elements of `xs` where `mask` is not zero, in a row; the two are broadcast together.
pub fn masked_select(xs: &Tensor, mask: &Tensor) -> Result<Tensor> {
    let shape = xs
        .shape()
        .broadcast_shape_binary_op(mask.shape(), "masked_select")?;
    let (xs, mask) = (xs.broadcast_as(&shape)?, mask.broadcast_as(&shape)?);
    index_by_mask(&xs.flatten_all()?, &mask.flatten_all()?, 0)
}
