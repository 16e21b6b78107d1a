use super::{functional_layer_norm, row_statistics};
use candle_core::{bail, Result, Tensor};

/// Returns what `functional_layer_norm` does, the mean of each row and the inverse of its deviation.
pub fn native_layer_norm(
    xs: &Tensor,
    dims: usize,
    weight: Option<&Tensor>,
    bias: Option<&Tensor>,
    eps: f64,
) -> Result<(Tensor, Tensor, Tensor)> {
    let (leading, row) = xs.dims().split_at(xs.rank() - dims);
    let size = row.iter().product::<usize>();
    if size == 0 {
        bail!("native_layer_norm: rows without elements have no mean")
    }
    let shape = [leading, &vec![1; dims]].concat();
    let (mean, inverse) = row_statistics(xs, size, eps, shape)?;
    Ok((
        functional_layer_norm(xs, dims, weight, bias, eps)?,
        mean,
        inverse,
    ))
}
