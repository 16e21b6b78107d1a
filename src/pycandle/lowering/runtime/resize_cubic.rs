use candle_core::{DType, Result, Tensor};

/// Returns `xs` with `size` elements along a dim, each from four neighbours by a cubic with
/// coefficient -0.75.
pub fn resize_cubic(
    xs: &Tensor,
    dim: usize,
    size: usize,
    align_corners: bool,
    scale: Option<f64>,
) -> Result<Tensor> {
    const A: f64 = -0.75;
    let near = |x: f64| ((A + 2.) * x - (A + 3.)) * x * x + 1.;
    let far = |x: f64| ((A * x - 5. * A) * x + 8. * A) * x - 4. * A;
    let count = xs.dim(dim)?;
    let step = match (align_corners, scale) {
        (true, _) => (count - 1) as f64 / (size.max(2) - 1) as f64,
        (false, Some(scale)) => 1. / scale,
        (false, None) => count as f64 / size as f64,
    };
    let mut taps: [(Vec<i64>, Vec<f64>); 4] = Default::default();
    for i in 0..size {
        let place = match align_corners {
            true => step * i as f64,
            false => step * (i as f64 + 0.5) - 0.5,
        };
        let rest = place - place.floor();
        let weights = [far(rest + 1.), near(rest), near(1. - rest), far(2. - rest)];
        for (k, (ids, values)) in taps.iter_mut().enumerate() {
            let source = place.floor() as i64 + k as i64 - 1;
            ids.push(source.clamp(0, count as i64 - 1));
            values.push(weights[k]);
        }
    }
    let dtype = xs.dtype();
    let wide = match dtype {
        DType::F16 | DType::BF16 => DType::F32,
        dtype => dtype,
    };
    let xs = xs.to_dtype(wide)?.contiguous()?;
    let mut shape = vec![1; xs.rank()];
    shape[dim] = size;
    let mut sum: Option<Tensor> = None;
    for (ids, weights) in taps {
        let weights = Tensor::new(weights, xs.device())?.to_dtype(wide)?;
        let weights = weights.reshape(shape.as_slice())?;
        let part = xs.index_select(&Tensor::new(ids, xs.device())?, dim)?;
        let part = part.broadcast_mul(&weights)?;
        sum = Some(match sum {
            Some(sum) => (sum + part)?,
            None => part,
        });
    }
    match sum {
        Some(ys) => ys.to_dtype(dtype),
        None => candle_core::bail!("resize_cubic: no taps"),
    }
}
