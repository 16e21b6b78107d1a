use super::{broadcast_matrices, linalg_solve_triangular};
use candle_core::{Result, Tensor, D};

/// Returns x for `a @ x = b`, or with `transpose` for `a^T @ x = b`, for a triangle of `a`, whose
/// diagonal counts as ones if `unitriangular`; and `a`. Leading dims broadcast.
pub fn triangular_solve(
    b: &Tensor,
    a: &Tensor,
    upper: bool,
    transpose: bool,
    unitriangular: bool,
) -> Result<(Tensor, Tensor)> {
    let (whole, _) = broadcast_matrices(a, b)?;
    let turned = match transpose {
        true => a.transpose(D::Minus2, D::Minus1)?,
        false => a.clone(),
    };
    let x = linalg_solve_triangular(&turned, b, upper != transpose, true, unitriangular)?;
    Ok((x, whole.contiguous()?))
}
