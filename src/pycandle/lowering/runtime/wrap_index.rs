use candle_core::{Result, Tensor};

/// Returns indices in which those below 0 count from the end of a dim of `size` elements.
pub fn wrap_index(index: &Tensor, size: usize) -> Result<Tensor> {
    index.lt(0i64)?.where_cond(&(index + size as f64)?, index)
}
