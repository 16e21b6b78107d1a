use candle_core::{bail, DType, Result, Tensor};

/// Returns the elements of an optional tensor of floats, of which there have to be `count`.
pub fn numbers_of(xs: Option<&Tensor>, count: usize) -> Result<Option<Vec<f64>>> {
    let Some(xs) = xs else { return Ok(None) };
    if xs.elem_count() != count {
        bail!(
            "{count} elements are scaled or shifted by {}",
            xs.elem_count()
        )
    }
    let xs = xs.flatten_all()?;
    if xs.dtype() == DType::F64 {
        return xs.to_vec1::<f64>().map(Some);
    }
    let xs = xs.to_dtype(DType::F32)?.to_vec1::<f32>()?;
    Ok(Some(xs.into_iter().map(f64::from).collect()))
}
