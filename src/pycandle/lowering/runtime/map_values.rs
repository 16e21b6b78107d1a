use super::map_rows;
use candle_core::{Device, Result, Tensor};

/// Returns a tensor of floats in which each element is what `f` makes of it in `f64`.
pub fn map_values(xs: &Tensor, f: impl Fn(f64) -> f64 + Sync) -> Result<Tensor> {
    let ys = map_rows(&xs.to_device(&Device::Cpu)?, 1, |_, row| row[0] = f(row[0]))?;
    ys.to_device(xs.device())
}
