use candle_core::{Result, Tensor};

/// Returns `xs` with `size` elements along a dim, each the one around its middle. As in PyTorch the
/// place is a product in `f32`, of 1 / `scale` where that is given.
pub fn resize_nearest_exact(
    xs: &Tensor,
    dim: usize,
    size: usize,
    scale: Option<f64>,
) -> Result<Tensor> {
    let count = xs.dim(dim)?;
    let step = match scale {
        Some(scale) => (1. / scale) as f32,
        None => count as f32 / size as f32,
    };
    let source = |i: usize| (((i as f32 + 0.5) * step).floor() as usize).min(count - 1) as i64;
    let ids = Tensor::new((0..size).map(source).collect::<Vec<_>>(), xs.device())?;
    xs.contiguous()?.index_select(&ids, dim)
}
