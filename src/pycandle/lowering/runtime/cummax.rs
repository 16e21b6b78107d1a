use super::order_keys;
use candle_core::{Device, Result, Tensor};

/// Returns the largest of all elements up to each one along a dim, and their indices, of equal
/// elements the last. From a NaN on, all are NaN.
pub fn cummax(xs: &Tensor, dim: usize) -> Result<(Tensor, Tensor)> {
    if xs.rank() == 0 {
        return Ok((xs.clone(), Tensor::new(0i64, xs.device())?));
    }
    let (last, size) = (xs.rank() - 1, xs.dim(dim)?);
    let rows = xs.transpose(dim, last)?.contiguous()?;
    let mut found = Vec::with_capacity(rows.elem_count());
    for row in order_keys(&rows)?.chunks_exact(size.max(1)) {
        let (mut best, mut at) = (row[0], 0);
        for (i, &key) in row.iter().enumerate() {
            if key >= best {
                (best, at) = (key, i);
            }
            found.push(at as i64);
        }
    }
    let indices = Tensor::from_vec(found, rows.shape(), &Device::Cpu)?.to_device(xs.device())?;
    let values = if rows.elem_count() == 0 {
        rows
    } else {
        rows.gather(&indices, last)?
    };
    Ok((
        values.transpose(dim, last)?.contiguous()?,
        indices.transpose(dim, last)?.contiguous()?,
    ))
}
