use candle_core::{DType, Result, Tensor};

/// Returns the terms of a loss for a reduction of 0, their mean for 1 and their sum for 2, in the
/// dtype and on the device of another tensor.
pub fn reduced_loss(terms: &Tensor, reduction: usize, like: &Tensor) -> Result<Tensor> {
    let count = terms.elem_count() as f64;
    let found = match reduction {
        0 => terms.clone(),
        1 if count == 0. => Tensor::new(f64::NAN, terms.device())?.to_dtype(DType::F64)?,
        1 => (terms.sum_all()? / count)?,
        _ => terms.sum_all()?,
    };
    found.to_dtype(like.dtype())?.to_device(like.device())
}
