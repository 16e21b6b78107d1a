use super::{f64_values, linalg_svdvals};
use candle_core::{DType, Device, Result, Tensor};

/// Returns how many singular values of each matrix are above `atol`, and above `rtol` times the
/// largest.
pub fn linalg_matrix_rank(xs: &Tensor, atol: f64, rtol: f64) -> Result<Tensor> {
    let values = linalg_svdvals(&xs.to_dtype(DType::F64)?)?;
    let batch = &xs.dims()[..xs.rank() - 2];
    let count = values.dim(batch.len())?;
    let values = f64_values(&values)?;
    let rank = |i: usize| {
        let values = &values[i * count..][..count];
        let least = atol.max(rtol * values.first().copied().unwrap_or(0.));
        values.iter().filter(|value| **value > least).count() as i64
    };
    let ranks = (0..batch.iter().product()).map(rank).collect::<Vec<_>>();
    Tensor::from_vec(ranks, batch, &Device::Cpu)?.to_device(xs.device())
}
