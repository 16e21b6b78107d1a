use candle_core::{DType, Result, Tensor};

/// Returns the index of the largest float along a dim, the first of several, and that of the first
/// NaN if there is one; as `I64`.
pub fn argmax(xs: &Tensor, dim: usize, keepdim: bool) -> Result<Tensor> {
    let nan = xs.ne(xs)?;
    let lost = nan.max_keepdim(dim)?;
    let ids = lost.where_cond(&nan.argmax_keepdim(dim)?, &xs.argmax_keepdim(dim)?)?;
    let ids = if keepdim { ids } else { ids.squeeze(dim)? };
    ids.to_dtype(DType::I64)
}
