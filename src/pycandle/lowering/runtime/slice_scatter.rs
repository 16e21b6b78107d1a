use candle_core::{Result, Tensor};

/// Returns `xs` with every `step`-th element along a dim, from `start` on, taken from `src`.
pub fn slice_scatter(
    xs: &Tensor,
    src: &Tensor,
    dim: usize,
    start: usize,
    step: usize,
) -> Result<Tensor> {
    let places = (0..src.dim(dim)?).map(|i| (start + i * step) as i64);
    let mut shape = vec![1; xs.rank()];
    shape[dim] = src.dim(dim)?;
    let index = Tensor::from_iter(places, xs.device())?
        .reshape(shape)?
        .broadcast_as(src.shape())?
        .contiguous()?;
    xs.contiguous()?.scatter(&index, &src.contiguous()?, dim)
}
