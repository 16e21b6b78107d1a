use super::wrap_index;
use candle_core::{bail, Result, Tensor};

/// Returns the elements of `xs`, read as one row, at indices; one below 0 counts from the end.
pub fn take(xs: &Tensor, index: &Tensor) -> Result<Tensor> {
    let row = xs.flatten_all()?.contiguous()?;
    let size = row.elem_count();
    if index.elem_count() == 0 {
        return Tensor::zeros(index.shape(), xs.dtype(), xs.device());
    }
    let places = wrap_index(&index.flatten_all()?, size)?;
    let outside = places.lt(0i64)?.maximum(&places.ge(size as i64)?)?;
    if outside.max_all()?.to_scalar::<u8>()? > 0 {
        bail!("take: an index is outside {size} elements")
    }
    row.index_select(&places, 0)?.reshape(index.shape())
}
