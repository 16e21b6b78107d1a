use candle_core::{DType, Device, Result, Tensor};

/// Returns `steps` powers of `base`, whose exponents run evenly from `start` to `end`.
///
/// As in PyTorch, the second half is counted from the end, in the precision of the result.
pub fn logspace(
    start: f64,
    end: f64,
    steps: usize,
    base: f64,
    dtype: DType,
    device: &Device,
) -> Result<Tensor> {
    if steps == 1 {
        return Tensor::new(&[base.powf(start)], device)?.to_dtype(dtype);
    }
    if dtype == DType::F64 {
        let step = (end - start) / (steps.saturating_sub(1)) as f64;
        let powers = (0..steps).map(|i| match i < steps / 2 {
            true => base.powf(start + step * i as f64),
            false => base.powf(end - step * (steps - 1 - i) as f64),
        });
        return Tensor::from_iter(powers, device);
    }
    let (start, end, base) = (start as f32, end as f32, base as f32);
    let step = (end - start) / (steps.saturating_sub(1)) as f32;
    let powers = (0..steps).map(|i| match i < steps / 2 {
        true => base.powf(start + step * i as f32),
        false => base.powf(end - step * (steps - 1 - i) as f32),
    });
    Tensor::from_iter(powers, device)?.to_dtype(dtype)
}
