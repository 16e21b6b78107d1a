use super::scatter_reduce;
use candle_core::{Result, Tensor};

/// Returns floats `xs` with the parts of `source` along a dim brought in at indices: by `prod`,
/// `mean`, `amax` or `amin`, with or without what `xs` holds there.
pub fn index_reduce(
    xs: &Tensor,
    dim: usize,
    index: &Tensor,
    source: &Tensor,
    reduce: &str,
    include_self: bool,
) -> Result<Tensor> {
    if xs.rank() == 0 {
        let (xs, source) = (xs.reshape(1)?, source.flatten_all()?);
        return index_reduce(&xs, 0, index, &source, reduce, include_self)?.reshape(());
    }
    let mut shape = vec![1; xs.rank()];
    shape[dim] = index.elem_count();
    let index = index.flatten_all()?.reshape(shape)?;
    let index = index.broadcast_as(source.shape())?;
    scatter_reduce(xs, dim, &index, source, reduce, include_self)
}
