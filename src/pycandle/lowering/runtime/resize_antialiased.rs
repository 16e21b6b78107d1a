use super::{f64_values, filled_rows, tensor_like};
use candle_core::{Result, Tensor};

/// Returns `xs` with `size` elements along a dim, each a mean of all that it covers, weighted by a
/// triangle or by a cubic with coefficient -0.5.
pub fn resize_antialiased(
    xs: &Tensor,
    dim: usize,
    size: usize,
    align_corners: bool,
    scale: Option<f64>,
    cubic: bool,
) -> Result<Tensor> {
    let count = xs.dim(dim)?;
    let step = match (align_corners, scale) {
        (true, _) if size == 1 => 0.,
        (true, _) => (count - 1) as f64 / (size - 1) as f64,
        (false, Some(scale)) => 1. / scale,
        (false, None) => count as f64 / size as f64,
    };
    let weight = if cubic { cubic_filter } else { triangle_filter };
    let reach = if cubic { 2. } else { 1. } * step.max(1.);
    let taps = |i: usize| {
        let center = step * (i as f64 + 0.5);
        let first = (center - reach + 0.5).max(0.) as usize;
        let last = ((center + reach + 0.5) as usize).min(count);
        let near = |x: usize| weight((x as f64 - center + 0.5) / step.max(1.));
        let weights = (first..last).map(near).collect::<Vec<_>>();
        let sum: f64 = weights.iter().sum();
        let shares = weights.into_iter().map(|weight| weight / sum);
        (first, shares.collect::<Vec<_>>())
    };
    let taps = (0..size).map(taps).collect::<Vec<_>>();
    let inner: usize = xs.dims()[dim + 1..].iter().product();
    let outer: usize = xs.dims()[..dim].iter().product();
    let values = f64_values(xs)?;
    let ys = filled_rows(outer, size * inner, |row, ys| {
        let source = &values[row * count * inner..];
        for ((first, weights), ys) in taps.iter().zip(ys.chunks_exact_mut(inner)) {
            for (i, weight) in weights.iter().enumerate() {
                let source = &source[(first + i) * inner..][..inner];
                ys.iter_mut()
                    .zip(source)
                    .for_each(|(y, x)| *y += x * weight);
            }
        }
    });
    let mut dims = xs.dims().to_vec();
    dims[dim] = size;
    tensor_like(ys, dims, xs)
}

fn triangle_filter(x: f64) -> f64 {
    (1. - x.abs()).max(0.)
}

fn cubic_filter(x: f64) -> f64 {
    const A: f64 = -0.5;
    let x = x.abs();
    if x < 1. {
        ((A + 2.) * x - (A + 3.)) * x * x + 1.
    } else if x < 2. {
        ((A * x - 5. * A) * x + 8. * A) * x - 4. * A
    } else {
        0.
    }
}
