use candle_core::{Result, Tensor};

/// Returns `xs` with `values`, which are broadcast, written at indices as `index` reads them, or
/// added there. Where an index repeats and nothing is accumulated, the last one holds.
pub fn index_put(
    xs: &Tensor,
    indices: &[Option<&Tensor>],
    values: &Tensor,
    accumulate: bool,
) -> Result<Tensor> {
    let count = indices.iter().take_while(|ids| ids.is_some()).count();
    if indices.iter().flatten().count() != count {
        candle_core::bail!("index_put: an indexed dim follows one that is not")
    }
    let given: Vec<&Tensor> = indices.iter().flatten().copied().collect();
    let mut shape: Vec<usize> = vec![];
    for ids in &given {
        let dims = ids.dims();
        let rank = shape.len().max(dims.len());
        let at =
            |dims: &[usize], i: usize| (i + dims.len()).checked_sub(rank).map_or(1, |i| dims[i]);
        shape = (0..rank)
            .map(|i| {
                if at(&shape, i) == 1 {
                    at(dims, i)
                } else {
                    at(&shape, i)
                }
            })
            .collect();
    }
    let mut place = Tensor::zeros(shape.as_slice(), candle_core::DType::I64, xs.device())?;
    for (dim, ids) in given.into_iter().enumerate() {
        let size = xs.dim(dim)?;
        let ids = ids.lt(0i64)?.where_cond(&(ids + size as f64)?, ids)?;
        let outside = ids.lt(0i64)?.maximum(&ids.ge(size as i64)?)?;
        if outside.elem_count() > 0 && outside.max_all()?.to_scalar::<u8>()? > 0 {
            candle_core::bail!("index_put: an index is outside dim {dim}, of size {size}")
        }
        place = (place * size as f64)?.broadcast_add(&ids)?;
    }
    let (indexed, kept) = xs.dims().split_at(count);
    let width = kept.iter().product::<usize>();
    let rows = xs.reshape((indexed.iter().product::<usize>(), width))?;
    let place = place.flatten_all()?;
    let values = values
        .broadcast_as([shape.as_slice(), kept].concat())?
        .reshape((place.elem_count(), width))?;
    let rows = if accumulate {
        rows.index_add(&place, &values, 0)?
    } else {
        let place = place
            .unsqueeze(1)?
            .broadcast_as(values.shape())?
            .contiguous()?;
        rows.scatter(&place, &values, 0)?
    };
    rows.reshape(xs.shape())
}
