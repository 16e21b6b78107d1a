use super::index_put;
use candle_core::{Result, Tensor};

/// Returns `xs` with the elements at indices, as if it were one row, exchanged for those of `source`,
/// or added to them.
pub fn put(xs: &Tensor, index: &Tensor, source: &Tensor, accumulate: bool) -> Result<Tensor> {
    let row = xs.flatten_all()?;
    let (index, source) = (index.flatten_all()?, source.flatten_all()?);
    index_put(&row, &[Some(&index)], &source, accumulate)?.reshape(xs.shape())
}
