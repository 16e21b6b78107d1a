use super::{f64_values, filled_rows, tensor_like};
use candle_core::{bail, Device, Result, Tensor};

/// Returns the largest element of each window over the last dims, and its place among them.
///
/// `windows` has the positions of each window along each of those dims. NaN is the largest, the last
/// of several; of other equal ones it is the first.
pub fn max_of_windows(xs: &Tensor, windows: &[Vec<Vec<usize>>]) -> Result<(Tensor, Tensor)> {
    let first = xs.rank() - windows.len();
    let mut dims = xs.dims().to_vec();
    let plane: usize = dims[first..].iter().product();
    let mut values = f64_values(xs)?;
    let mut places: Vec<_> = (0..values.len()).map(|i| (i % plane) as i64).collect();
    for (i, windows) in windows.iter().enumerate().rev() {
        if windows.iter().any(Vec::is_empty) {
            bail!("max_pool: a window without elements")
        }
        let (outer, inner): (usize, usize) = (
            dims[..first + i].iter().product(),
            dims[first + i + 1..].iter().product(),
        );
        let size = dims[first + i];
        let best = filled_rows(outer, windows.len() * inner, |row, best| {
            for (window, best) in windows.iter().zip(best.chunks_exact_mut(inner.max(1))) {
                for (j, best) in best.iter_mut().enumerate() {
                    let at = |x: usize| (row * size + x) * inner + j;
                    let later = |one: usize, other: usize| {
                        let (x, y) = (values[one], values[other]);
                        if y > x || y.is_nan() {
                            other
                        } else {
                            one
                        }
                    };
                    let rest = window.iter().map(|x| at(*x));
                    *best = rest.reduce(later).unwrap_or(0) as f64;
                }
            }
        });
        values = best.iter().map(|at| values[*at as usize]).collect();
        places = best.iter().map(|at| places[*at as usize]).collect();
        dims[first + i] = windows.len();
    }
    let places = Tensor::from_vec(places, dims.as_slice(), &Device::Cpu)?;
    Ok((
        tensor_like(values, dims, xs)?,
        places.to_device(xs.device())?,
    ))
}
