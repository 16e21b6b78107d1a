use super::{f64_values, row_moments, tensor_like};
use candle_core::{Result, Shape, Tensor};

/// Returns the mean of each row of `size` elements and the inverse of its deviation, as tensors of a
/// shape.
pub fn row_statistics(
    xs: &Tensor,
    size: usize,
    eps: f64,
    shape: impl Into<Shape>,
) -> Result<(Tensor, Tensor)> {
    let shape = shape.into();
    let values = f64_values(xs)?;
    let moments = values.chunks_exact(size.max(1)).map(row_moments);
    let (means, vars): (Vec<f64>, Vec<f64>) = moments.unzip();
    let inverse = vars.into_iter().map(|var| 1. / (var + eps).sqrt());
    Ok((
        tensor_like(means, shape.clone(), xs)?,
        tensor_like(inverse.collect(), shape, xs)?,
    ))
}
