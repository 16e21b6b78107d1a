use super::{square_matrices_of, symmetric_factors, tensor_of_matrices};
use candle_core::{DType, Device, Result, Tensor};

/// Returns the triangle and the blocks on the diagonal of each symmetric matrix in one, and the row,
/// counted from 1, that each row was swapped with, negative for the rows of a block of two.
pub fn linalg_ldl_factor(xs: &Tensor) -> Result<(Tensor, Tensor)> {
    let (mut matrices, n) = square_matrices_of(xs)?;
    let swaps = matrices.iter_mut().flat_map(|a| symmetric_factors(a, n));
    let swaps = Tensor::from_vec(
        swaps.collect::<Vec<_>>(),
        &xs.dims()[..xs.rank() - 1],
        &Device::Cpu,
    )?;
    let swaps = swaps.to_dtype(DType::I32)?.to_device(xs.device())?;
    Ok((tensor_of_matrices(matrices, n, n, xs)?, swaps))
}
