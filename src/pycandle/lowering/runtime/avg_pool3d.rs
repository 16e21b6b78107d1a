use super::{f64_values, filled_rows, pool_windows, tensor_like};
use candle_core::{Result, Tensor};

/// Returns the mean of each window over the last three dims: its sum divided by `divisor`, or else
/// by the number of its elements, those of the padding in it or not.
pub fn avg_pool3d(
    xs: &Tensor,
    kernel: [usize; 3],
    stride: [usize; 3],
    padding: [usize; 3],
    ceil_mode: bool,
    count_include_pad: bool,
    divisor: Option<f64>,
) -> Result<Tensor> {
    let first = xs.rank() - 3;
    let (mut values, mut dims) = (f64_values(xs)?, xs.dims().to_vec());
    for i in 0..3 {
        let (size, pad) = (dims[first + i], padding[i]);
        let windows = pool_windows(size, kernel[i], stride[i], pad, 1, ceil_mode)?;
        let inner: usize = dims[first + i + 1..].iter().product();
        let outer: usize = dims[..first + i].iter().product();
        let end = if count_include_pad {
            size + 2 * pad
        } else {
            size
        };
        let counted = |x: &usize| match count_include_pad {
            true => *x < end,
            false => *x >= pad && *x - pad < end,
        };
        values = filled_rows(outer, windows.len() * inner, |row, ys| {
            let source = &values[row * size * inner..][..size * inner];
            for (window, ys) in windows.iter().zip(ys.chunks_exact_mut(inner)) {
                let inside = window.iter().filter_map(|x| x.checked_sub(pad));
                for x in inside.filter(|x| *x < size) {
                    let source = &source[x * inner..][..inner];
                    ys.iter_mut().zip(source).for_each(|(y, x)| *y += x);
                }
                let count = window.iter().filter(|x| counted(x)).count();
                let share = if divisor.is_some() { 1. } else { count as f64 };
                ys.iter_mut().for_each(|y| *y /= share);
            }
        });
        dims[first + i] = windows.len();
    }
    if let Some(divisor) = divisor {
        values.iter_mut().for_each(|y| *y /= divisor);
    }
    tensor_like(values, dims, xs)
}
