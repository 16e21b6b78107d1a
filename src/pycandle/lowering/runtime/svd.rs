use super::linalg_svd;
use candle_core::{Result, Tensor, D};

/// Returns the matrices and the singular values of `linalg_svd`, the last matrix with its directions
/// as columns; square ones where not `some`.
pub fn svd(xs: &Tensor, some: bool) -> Result<(Tensor, Tensor, Tensor)> {
    let (u, values, vh) = linalg_svd(xs, !some)?;
    let v = vh.transpose(D::Minus2, D::Minus1)?.contiguous()?;
    Ok((u, values, v))
}
