use candle_core::{Result, Tensor};

/// Returns `xs` with `value` where `mask`, which is broadcast, is not zero.
pub fn masked_fill(xs: &Tensor, mask: &Tensor, value: f64) -> Result<Tensor> {
    let value = Tensor::new(value, xs.device())?
        .to_dtype(xs.dtype())?
        .broadcast_as(xs.shape())?;
    mask.broadcast_as(xs.shape())?.where_cond(&value, xs)
}
