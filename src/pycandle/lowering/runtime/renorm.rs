use super::linalg_vector_norm;
use candle_core::{Result, Tensor};

/// Returns a tensor in which each part along a dim whose norm of order `p` is above `maxnorm` is
/// scaled down to it.
pub fn renorm(xs: &Tensor, p: f64, dim: usize, maxnorm: f64) -> Result<Tensor> {
    let dims: Vec<_> = (0..xs.rank()).filter(|other| *other != dim).collect();
    let norm = linalg_vector_norm(xs, p, &dims, true)?;
    // PyTorch keeps away from a division by 0 in this way.
    let factor = ((&norm + 1e-7)?.recip()? * maxnorm)?;
    let factor = norm.gt(maxnorm)?.where_cond(&factor, &norm.ones_like()?)?;
    xs.broadcast_mul(&factor)
}
