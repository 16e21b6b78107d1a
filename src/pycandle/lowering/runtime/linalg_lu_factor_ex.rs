use super::{linalg_lu_factor, matrices_of};
use candle_core::{bail, DType, Device, Result, Tensor};

/// Returns the triangles of each matrix in one, its swaps of rows, and the first pivot, counted from
/// 1, that is 0; 0 where none is. With `check_errors` such a pivot is refused.
pub fn linalg_lu_factor_ex(
    xs: &Tensor,
    pivot: bool,
    check_errors: bool,
) -> Result<(Tensor, Tensor, Tensor)> {
    let (lu, swaps) = linalg_lu_factor(xs, pivot)?;
    let (matrices, rows, columns) = matrices_of(&lu)?;
    let lost = |a: &Vec<f64>| {
        let place = (0..rows.min(columns)).find(|i| a[i * columns + i] == 0.);
        place.map_or(0, |i| i as i64 + 1)
    };
    let info = matrices.iter().map(lost).collect::<Vec<_>>();
    if let Some(pivot) = info.iter().find(|pivot| check_errors && **pivot > 0) {
        bail!("linalg_lu_factor_ex: pivot {pivot} of a matrix is 0")
    }
    let info = Tensor::from_vec(info, &xs.dims()[..xs.rank() - 2], &Device::Cpu)?;
    Ok((
        lu,
        swaps,
        info.to_dtype(DType::I32)?.to_device(xs.device())?,
    ))
}
