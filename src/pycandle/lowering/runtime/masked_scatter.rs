use super::cumsum;
use candle_core::{bail, DType, Result, Tensor};

/// Returns `xs` with the elements of `source`, one after the other, where `mask` is not zero.
pub fn masked_scatter(xs: &Tensor, mask: &Tensor, source: &Tensor) -> Result<Tensor> {
    let shape = xs
        .shape()
        .broadcast_shape_binary_op(mask.shape(), "masked_scatter")?;
    let (xs, mask) = (xs.broadcast_as(&shape)?, mask.broadcast_as(&shape)?);
    if xs.elem_count() == 0 {
        return Ok(xs);
    }
    let counts = cumsum(&mask.flatten_all()?.to_dtype(DType::I64)?, 0)?;
    let count = counts.max_all()?.to_scalar::<i64>()?;
    if count as usize > source.elem_count() {
        bail!(
            "masked_scatter: {count} places for {} elements",
            source.elem_count()
        )
    }
    if count == 0 {
        return Ok(xs);
    }
    let ids = (counts.maximum(1i64)? - 1.)?;
    let values = source.flatten_all()?.contiguous()?.index_select(&ids, 0)?;
    mask.where_cond(&values.reshape(&shape)?, &xs)
}
