use super::{lu_in_place, matrices_of, tensor_of_matrices};
use candle_core::{DType, Device, Result, Tensor};

/// Returns the two triangles of each matrix in one, the lower one without its ones, and the row,
/// counted from 1, that each row was swapped with.
pub fn linalg_lu_factor(xs: &Tensor, pivot: bool) -> Result<(Tensor, Tensor)> {
    let (mut matrices, rows, columns) = matrices_of(xs)?;
    let mut swaps = vec![];
    for a in &mut matrices {
        let found = lu_in_place(a, rows, columns, pivot);
        swaps.extend(found.into_iter().map(|row| row as i64 + 1));
    }
    let shape = [&xs.dims()[..xs.rank() - 2], &[rows.min(columns)]].concat();
    let swaps = Tensor::from_vec(swaps, shape, &Device::Cpu)?;
    let swaps = swaps.to_dtype(DType::I32)?.to_device(xs.device())?;
    Ok((tensor_of_matrices(matrices, rows, columns, xs)?, swaps))
}
