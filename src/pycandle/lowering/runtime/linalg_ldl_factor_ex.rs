use super::{f64_values, linalg_ldl_factor, square_matrices_of};
use candle_core::{DType, Device, Result, Tensor};

/// Returns what `linalg_ldl_factor` does, and the first block, counted by rows from 1, that is 0; 0
/// where none is.
pub fn linalg_ldl_factor_ex(xs: &Tensor) -> Result<(Tensor, Tensor, Tensor)> {
    let (ld, swaps) = linalg_ldl_factor(xs)?;
    let (matrices, n) = square_matrices_of(&ld)?;
    let rows = f64_values(&swaps)?;
    let lost = |(index, a): (usize, &Vec<f64>)| {
        let is_lost = |i: &usize| rows[index * n + i] > 0. && a[i * n + i] == 0.;
        (0..n).find(is_lost).map_or(0, |i| i as i64 + 1)
    };
    let info = matrices.iter().enumerate().map(lost).collect::<Vec<_>>();
    let info = Tensor::from_vec(info, &xs.dims()[..xs.rank() - 2], &Device::Cpu)?;
    let info = info.to_dtype(DType::I32)?.to_device(xs.device())?;
    Ok((ld, swaps, info))
}
