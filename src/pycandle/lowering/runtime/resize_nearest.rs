use candle_core::{Result, Tensor};

/// Returns `xs` with `size` elements along a dim, each the one before its place. As in PyTorch the
/// place is a product in `f32`, of 1 / `scale` where that is given.
pub fn resize_nearest(xs: &Tensor, dim: usize, size: usize, scale: Option<f64>) -> Result<Tensor> {
    let count = xs.dim(dim)?;
    let step = match scale {
        Some(scale) => (1. / scale) as f32,
        None => count as f32 / size as f32,
    };
    let source = |i: usize| match size {
        _ if size == count => i,
        _ if size == 2 * count => i / 2,
        _ => ((i as f32 * step).floor() as usize).min(count - 1),
    };
    let ids: Vec<i64> = (0..size).map(|i| source(i) as i64).collect();
    let ids = Tensor::new(ids, xs.device())?;
    xs.contiguous()?.index_select(&ids, dim)
}
