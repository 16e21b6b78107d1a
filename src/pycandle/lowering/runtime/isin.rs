use super::order_keys;
use candle_core::{Device, Result, Tensor};

/// Returns whether elements are among those of `test`, or with `invert` whether they are not. NaN is
/// among none.
pub fn isin(xs: &Tensor, test: &Tensor, invert: bool) -> Result<Tensor> {
    let is_nan = |key: i64| xs.dtype().is_float() && key == i64::MAX;
    let mut sorted = order_keys(test)?;
    sorted.sort_unstable();
    let found = order_keys(xs)?.into_iter().map(|key| {
        let is_in = !is_nan(key) && sorted.binary_search(&key).is_ok();
        u8::from(is_in != invert)
    });
    let found: Vec<_> = found.collect();
    Tensor::from_vec(found, xs.shape(), &Device::Cpu)?.to_device(xs.device())
}
