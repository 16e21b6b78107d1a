use super::nonzero_static;
use candle_core::{DType, Result, Tensor};

/// Returns the indices of the elements that are not 0, a row each.
pub fn nonzero(xs: &Tensor) -> Result<Tensor> {
    let held = xs.ne(&xs.zeros_like()?)?.flatten_all()?;
    let count = match held.elem_count() {
        0 => 0,
        _ => held.to_dtype(DType::I64)?.sum_all()?.to_scalar::<i64>()?,
    };
    nonzero_static(xs, count as usize, 0)
}
