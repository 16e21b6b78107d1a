use candle_core::{Result, Tensor};

/// Returns `xs` with its neighbours in a mirror before and behind a dim, the ends not repeated.
pub fn reflection_pad(xs: &Tensor, dim: usize, left: usize, right: usize) -> Result<Tensor> {
    let size = xs.dim(dim)?;
    if left.max(right) >= size {
        candle_core::bail!("reflection_pad: {left} and {right} beside {size} elements")
    }
    let before = (1..=left).rev();
    let behind = (0..right).map(|i| size - 2 - i);
    let ids: Vec<i64> = before
        .chain(0..size)
        .chain(behind)
        .map(|i| i as i64)
        .collect();
    let ids = Tensor::new(ids, xs.device())?;
    xs.contiguous()?.index_select(&ids, dim)
}
