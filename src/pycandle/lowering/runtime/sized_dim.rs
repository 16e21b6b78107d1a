use candle_core::{Result, Tensor};

/// Returns `xs` with `size` elements along a dim: the first ones, and zeros behind them.
pub fn sized_dim(xs: &Tensor, dim: usize, size: usize) -> Result<Tensor> {
    match size.checked_sub(xs.dim(dim)?) {
        Some(missing) => xs.pad_with_zeros(dim, 0, missing),
        None => xs.narrow(dim, 0, size),
    }
}
