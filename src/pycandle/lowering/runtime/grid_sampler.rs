use super::{f64_values, filled_rows, grid_taps, tensor_like};
use candle_core::{bail, DType, Result, Tensor};

/// Returns `xs`, (n, c, sizes..), at the places of `grid`, (n, places.., dims), which has the last
/// dim's coordinate first and -1 to 1 for the ends.
///
/// Modes are 0, linear, 1, nearest, and 2, cubic; paddings 0, zeros, 1, the border, and 2, a mirror.
pub fn grid_sampler(
    xs: &Tensor,
    grid: &Tensor,
    mode: usize,
    padding: usize,
    align_corners: bool,
) -> Result<Tensor> {
    let (dims, places) = (xs.dims(), grid.dims());
    let rank = dims.len() - 2;
    if places.len() != dims.len() || places[0] != dims[0] || places[rank + 1] != rank {
        bail!("grid_sampler: a grid of {places:?} for {dims:?}")
    }
    let (channels, sizes) = (dims[1], &dims[2..]);
    if sizes.contains(&0) {
        bail!("grid_sampler: an input of {dims:?} has no elements")
    }
    let plane: usize = sizes.iter().product();
    let points: usize = places[1..=rank].iter().product();
    // As torch's kernel, whose nearest element depends on how a place is rounded.
    let is_wide = xs.dtype() == DType::F64;
    let narrow = |x: f64| if is_wide { x } else { f64::from(x as f32) };
    let coordinates = f64_values(grid)?;
    let taps = coordinates
        .chunks_exact(rank)
        .map(|point| grid_taps(point, sizes, mode, padding, align_corners, narrow))
        .collect::<Vec<_>>();
    let values = f64_values(xs)?;
    let ys = filled_rows(dims[0] * channels, points, |row, ys| {
        let source = &values[row * plane..][..plane];
        let taps = &taps[row / channels * points..][..points];
        for (y, taps) in ys.iter_mut().zip(taps) {
            *y = taps.iter().map(|(at, weight)| source[*at] * weight).sum();
        }
    });
    tensor_like(ys, [&dims[..2], &places[1..=rank]].concat(), xs)
}
