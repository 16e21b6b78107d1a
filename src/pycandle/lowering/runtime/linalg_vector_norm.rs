use candle_core::{DType, Result, Tensor};

/// Returns the norm of order `ord` over dims: infinite orders are the largest and the smallest
/// size of an element, 0 is how many are not 0. Computed in `f64`; NaN stays NaN.
pub fn linalg_vector_norm(xs: &Tensor, ord: f64, dims: &[usize], keepdim: bool) -> Result<Tensor> {
    let sizes = xs.to_dtype(DType::F64)?.abs()?;
    let count: usize = dims.iter().map(|dim| xs.dims()[*dim]).product();
    let extreme = ord.is_infinite() && count > 0 && xs.elem_count() > 0;
    let norm = match ord {
        // A sum with NaN in it is NaN, which the largest element would hide.
        _ if extreme => {
            let is_nan = sizes.ne(&sizes)?.to_dtype(DType::F64)?;
            let nans = is_nan.sum_keepdim(dims)?;
            let flat = dims
                .iter()
                .try_fold(sizes.clone(), |x, dim| match ord > 0. {
                    true => x.max_keepdim(*dim),
                    false => x.min_keepdim(*dim),
                })?;
            let nan = (nans.zeros_like()? * f64::NAN)?;
            nans.gt(0f64)?.where_cond(&nan, &flat)?
        }
        0. => sizes.ne(0f64)?.to_dtype(DType::F64)?.sum_keepdim(dims)?,
        1. => sizes.sum_keepdim(dims)?,
        2. => sizes.sqr()?.sum_keepdim(dims)?.sqrt()?,
        _ if ord.is_infinite() => sizes.sum_keepdim(dims)?,
        _ => sizes.powf(ord)?.sum_keepdim(dims)?.powf(1. / ord)?,
    };
    let norm = norm.to_dtype(xs.dtype())?;
    if keepdim {
        return Ok(norm);
    }
    let mut dims = dims.to_vec();
    dims.sort_unstable();
    dims.iter()
        .rev()
        .try_fold(norm, |norm, dim| norm.squeeze(*dim))
}
