use super::max_of_windows;
use candle_core::{bail, Result, Tensor};

/// Returns the maxima of the windows that share out each of the last dims, as many as `sizes` says,
/// and the place of each among them.
pub fn adaptive_max_pool(xs: &Tensor, sizes: &[usize]) -> Result<(Tensor, Tensor)> {
    let first = xs.rank() - sizes.len();
    let mut windows = vec![];
    for (i, &count) in sizes.iter().enumerate() {
        let size = xs.dim(first + i)?;
        if size == 0 {
            bail!("adaptive_max_pool: dim {} has no elements", first + i)
        }
        let window = |w: usize| (w * size / count..((w + 1) * size).div_ceil(count)).collect();
        windows.push((0..count).map(window).collect());
    }
    max_of_windows(xs, &windows)
}
