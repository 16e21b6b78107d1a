use candle_core::{DType, Result, Tensor};

/// Returns `xs` with `size` elements along a dim, between its neighbours in proportion.
pub fn resize_linear(
    xs: &Tensor,
    dim: usize,
    size: usize,
    align_corners: bool,
    scale: Option<f64>,
) -> Result<Tensor> {
    let count = xs.dim(dim)?;
    let step = match (align_corners, scale) {
        (true, _) => (count - 1) as f64 / (size.max(2) - 1) as f64,
        (false, Some(scale)) => 1. / scale,
        (false, None) => count as f64 / size as f64,
    };
    let (mut left, mut right, mut weights) = (vec![], vec![], vec![]);
    for i in 0..size {
        let place = match align_corners {
            true => step * i as f64,
            false => (step * (i as f64 + 0.5) - 0.5).max(0.),
        };
        let before = (place as usize).min(count - 1);
        left.push(before as i64);
        right.push((before + 1).min(count - 1) as i64);
        weights.push((place - before as f64).clamp(0., 1.));
    }
    if size == count && weights.iter().all(|&w| w == 0.) {
        return xs.contiguous();
    }
    let dtype = xs.dtype();
    let wide = match dtype {
        DType::F16 | DType::BF16 => DType::F32,
        dtype => dtype,
    };
    let xs = xs.to_dtype(wide)?.contiguous()?;
    let mut shape = vec![1; xs.rank()];
    shape[dim] = size;
    let weights = Tensor::new(weights, xs.device())?
        .to_dtype(wide)?
        .reshape(shape)?;
    let left = xs.index_select(&Tensor::new(left, xs.device())?, dim)?;
    let right = xs.index_select(&Tensor::new(right, xs.device())?, dim)?;
    let ys = (right.broadcast_mul(&weights)? + left.broadcast_mul(&weights.affine(-1., 1.)?)?)?;
    ys.to_dtype(dtype)
}
