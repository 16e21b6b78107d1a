use candle_core::{DType, Result, Tensor};

/// Returns the elements in order along a dim, and their indices. Equal elements keep their order,
/// and NaN is the largest element.
pub fn sort(xs: &Tensor, dim: usize, descending: bool) -> Result<(Tensor, Tensor)> {
    if xs.rank() == 0 {
        let (values, indices) = sort(&xs.unsqueeze(0)?, 0, descending)?;
        return Ok((values.reshape(())?, indices.reshape(())?));
    }
    let last = xs.rank() - 1;
    let rows = xs.transpose(dim, last)?.contiguous()?;
    if rows.elem_count() == 0 {
        return Ok((
            xs.contiguous()?,
            Tensor::zeros(xs.shape(), DType::I64, xs.device())?,
        ));
    }
    let order = if xs.dtype().is_float() {
        // Candle's order of NaN is none: those go to their end of the row by themselves.
        let is_nan = rows.ne(&rows)?;
        let zeros = rows.zeros_like()?;
        let order = is_nan
            .where_cond(&zeros, &rows)?
            .arg_sort_last_dim(!descending)?;
        let nan_last = is_nan.gather(&order, last)?;
        let key = if descending {
            nan_last.eq(0u8)?
        } else {
            nan_last
        };
        order.gather(&key.arg_sort_last_dim(true)?, last)?
    } else {
        rows.arg_sort_last_dim(!descending)?
    };
    let values = rows.gather(&order, last)?;
    let indices = order.to_dtype(DType::I64)?;
    Ok((
        values.transpose(dim, last)?.contiguous()?,
        indices.transpose(dim, last)?.contiguous()?,
    ))
}
