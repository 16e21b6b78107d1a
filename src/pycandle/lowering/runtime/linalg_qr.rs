use super::{geqrf, linalg_householder_product, triu};
use candle_core::{DType, Result, Tensor};

/// Returns matrices with orthonormal columns, and the upper triangles that they are multiplied by:
/// as many columns as the shorter side, or with `complete` as many as rows.
pub fn linalg_qr(xs: &Tensor, complete: bool) -> Result<(Tensor, Tensor)> {
    let (rows, columns) = (xs.dim(xs.rank() - 2)?, xs.dim(xs.rank() - 1)?);
    let (rank, width) = (xs.rank(), if complete { rows } else { rows.min(columns) });
    let (packed, tau) = geqrf(&xs.to_dtype(DType::F64)?)?;
    let vectors = match width.checked_sub(columns) {
        Some(missing) => packed.pad_with_zeros(rank - 1, 0, missing)?,
        None => packed.narrow(rank - 1, 0, width)?,
    };
    let q = linalg_householder_product(&vectors, &tau)?;
    let r = triu(&packed.narrow(rank - 2, 0, width)?.contiguous()?, 0)?;
    Ok((q.to_dtype(xs.dtype())?, r.to_dtype(xs.dtype())?))
}
