use candle_core::{Result, Tensor};

/// Returns `xs` with its end before a dim and its beginning behind it.
pub fn circular_pad(xs: &Tensor, dim: usize, left: usize, right: usize) -> Result<Tensor> {
    let size = xs.dim(dim)?;
    if left.max(right) > size {
        candle_core::bail!("circular_pad: {left} and {right} beside {size} elements")
    }
    let xs = xs.contiguous()?;
    Tensor::cat(
        &[
            &xs.narrow(dim, size - left, left)?,
            &xs,
            &xs.narrow(dim, 0, right)?,
        ],
        dim,
    )
}
