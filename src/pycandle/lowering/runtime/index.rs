use candle_core::{Result, Tensor};

/// Returns what `xs` holds at indices that are given for some of its dims and broadcast together;
/// a negative index counts from the end.
///
/// As in PyTorch, the dims of the indices stand where the indexed dims stood, or in front where
/// those are not neighbours.
pub fn index(xs: &Tensor, indices: &[Option<&Tensor>]) -> Result<Tensor> {
    let is_indexed = |dim: &usize| matches!(indices.get(*dim), Some(Some(_)));
    let (indexed, rest): (Vec<usize>, Vec<usize>) = (0..xs.rank()).partition(is_indexed);
    let mut shape: Vec<usize> = vec![];
    for ids in indices.iter().flatten() {
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
    let mut place: Option<Tensor> = None;
    for &dim in &indexed {
        let Some(Some(ids)) = indices.get(dim) else {
            candle_core::bail!("index: no indices for dim {dim}")
        };
        let size = xs.dim(dim)?;
        let from_end = (*ids + size as f64)?;
        let ids = ids.lt(0i64)?.where_cond(&from_end, ids)?;
        let outside = ids.lt(0i64)?.maximum(&ids.ge(size as i64)?)?;
        if outside.elem_count() > 0 && outside.max_all()?.to_scalar::<u8>()? > 0 {
            candle_core::bail!("index: an index is outside dim {dim}, of size {size}")
        }
        let ids = ids.broadcast_as(shape.as_slice())?;
        place = Some(match place {
            None => ids.contiguous()?,
            Some(place) => ((place * size as f64)? + ids)?,
        });
    }
    let Some(place) = place else {
        return Ok(xs.clone());
    };
    let order = [indexed.as_slice(), rest.as_slice()].concat();
    let rows = xs.permute(order)?.contiguous()?;
    let kept = rest
        .iter()
        .map(|&dim| xs.dim(dim))
        .collect::<Result<Vec<_>>>()?;
    let rows = rows.reshape(((), kept.iter().product::<usize>()))?;
    let found = rows.index_select(&place.flatten_all()?, 0)?;
    let found = found.reshape([shape.as_slice(), kept.as_slice()].concat())?;
    let first = indexed[0];
    let neighbours = indexed.windows(2).all(|pair| pair[1] == pair[0] + 1);
    if !neighbours || first == 0 {
        return Ok(found);
    }
    let rank = shape.len();
    let order = (rank..rank + first)
        .chain(0..rank)
        .chain(rank + first..rank + kept.len());
    found.permute(order.collect::<Vec<_>>())?.contiguous()
}
