use super::index_copy;
use candle_core::{Result, Tensor};

/// Returns `xs` with one value, a tensor of one element, at indices along a dim.
pub fn index_fill(xs: &Tensor, dim: usize, index: &Tensor, value: &Tensor) -> Result<Tensor> {
    if xs.rank() == 0 {
        return index_fill(&xs.reshape(1)?, 0, index, value)?.reshape(());
    }
    let index = index.flatten_all()?;
    let mut shape = xs.dims().to_vec();
    shape[dim] = index.elem_count();
    let size = xs.dim(dim)? as f64;
    let index = index.lt(0i64)?.where_cond(&(&index + size)?, &index)?;
    let source = value.reshape(())?.broadcast_as(shape)?;
    index_copy(xs, dim, &index, &source)
}
