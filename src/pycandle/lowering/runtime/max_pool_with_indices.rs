use super::{max_of_windows, pool_windows};
use candle_core::{Result, Tensor};

/// Returns the largest element of each window over the last dims, of the input alone, and its place
/// among them.
pub fn max_pool_with_indices(
    xs: &Tensor,
    kernel: &[usize],
    stride: &[usize],
    padding: &[usize],
    dilation: &[usize],
    ceil_mode: bool,
) -> Result<(Tensor, Tensor)> {
    let first = xs.rank() - kernel.len();
    let mut windows = vec![];
    for i in 0..kernel.len() {
        let (size, pad) = (xs.dim(first + i)?, padding[i]);
        let found = pool_windows(size, kernel[i], stride[i], pad, dilation[i], ceil_mode)?;
        let inside = |window: Vec<usize>| -> Vec<usize> {
            let places = window.into_iter().filter_map(|x| x.checked_sub(pad));
            places.filter(|x| *x < size).collect()
        };
        windows.push(found.into_iter().map(inside).collect());
    }
    max_of_windows(xs, &windows)
}
