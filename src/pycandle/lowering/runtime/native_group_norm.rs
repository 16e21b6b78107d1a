use super::{functional_group_norm, row_statistics};
use candle_core::{bail, Result, Tensor};

/// Returns what `functional_group_norm` does, the mean of each group and the inverse of its
/// deviation.
pub fn native_group_norm(
    xs: &Tensor,
    groups: usize,
    weight: Option<&Tensor>,
    bias: Option<&Tensor>,
    eps: f64,
) -> Result<(Tensor, Tensor, Tensor)> {
    let images = xs.dim(0)?;
    let size = xs.dims()[1..].iter().product::<usize>() / groups.max(1);
    if size == 0 {
        bail!("native_group_norm: groups without elements have no mean")
    }
    let (mean, inverse) = row_statistics(xs, size, eps, (images, groups))?;
    Ok((
        functional_group_norm(xs, groups, weight, bias, eps)?,
        mean,
        inverse,
    ))
}
