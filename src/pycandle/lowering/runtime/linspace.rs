use candle_core::{DType, Device, Result, Tensor};

/// Returns numbers at equal distances from `start` to `end`, which is the last one.
pub fn linspace(
    start: f64,
    end: f64,
    steps: usize,
    dtype: DType,
    device: &Device,
) -> Result<Tensor> {
    let step = (end - start) / steps.saturating_sub(1).max(1) as f64;
    let value = |i: usize| match i < steps / 2 {
        true => start + step * i as f64,
        false => end - step * (steps - 1 - i) as f64,
    };
    // PyTorch leaves the start alone where there is one number only.
    let values = (0..steps).map(|i| if steps == 1 { start } else { value(i) });
    Tensor::from_iter(values, device)?.to_dtype(dtype)
}
