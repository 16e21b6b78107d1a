use candle_core::{DType, Result, Tensor};

/// Returns the `k` largest or smallest elements along a dim in order, and their indices; of equal
/// ones the first. NaN is the largest element.
pub fn topk(xs: &Tensor, k: usize, dim: usize, largest: bool) -> Result<(Tensor, Tensor)> {
    if xs.rank() == 0 {
        let (values, indices) = topk(&xs.unsqueeze(0)?, k, 0, largest)?;
        return Ok(match k {
            0 => (values, indices),
            _ => (values.reshape(())?, indices.reshape(())?),
        });
    }
    let last = xs.rank() - 1;
    let rows = xs.transpose(dim, last)?.contiguous()?;
    if rows.elem_count() == 0 {
        let values = xs.narrow(dim, 0, k)?.contiguous()?;
        let indices = Tensor::zeros(values.shape(), DType::I64, xs.device())?;
        return Ok((values, indices));
    }
    let order = if xs.dtype().is_float() {
        let is_nan = rows.ne(&rows)?;
        let zeros = rows.zeros_like()?;
        let order = is_nan
            .where_cond(&zeros, &rows)?
            .arg_sort_last_dim(!largest)?;
        let nan_last = is_nan.gather(&order, last)?;
        let key = if largest { nan_last.eq(0u8)? } else { nan_last };
        order.gather(&key.arg_sort_last_dim(true)?, last)?
    } else {
        rows.arg_sort_last_dim(!largest)?
    };
    let order = order.narrow(last, 0, k)?.contiguous()?;
    let values = rows.gather(&order, last)?;
    let indices = order.to_dtype(DType::I64)?;
    Ok((
        values.transpose(dim, last)?.contiguous()?,
        indices.transpose(dim, last)?.contiguous()?,
    ))
}
