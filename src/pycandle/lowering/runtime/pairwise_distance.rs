use super::{f64_values, loss_terms, p_norm, tensor_like};
use candle_core::{Result, Tensor};

/// Returns the p-norm of the difference, to which `eps` is added, over the last dim.
pub fn pairwise_distance(
    xs: &Tensor,
    other: &Tensor,
    p: f64,
    eps: f64,
    keepdim: bool,
) -> Result<Tensor> {
    let between = loss_terms(xs, other, |x, y| x - y + eps)?;
    let mut dims = between.dims().to_vec();
    let width = dims.pop().unwrap_or(1);
    let values = f64_values(&between)?;
    let norm = |i: usize| p_norm(values[i * width..][..width].iter().copied(), p);
    let found = (0..dims.iter().product()).map(norm).collect();
    if keepdim {
        dims.push(1);
    }
    tensor_like(found, dims, xs)
}
