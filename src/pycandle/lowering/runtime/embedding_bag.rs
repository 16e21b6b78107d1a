use super::{f64_values, tensor_like};
use candle_core::{bail, DType, Device, Result, Tensor};

/// Returns the sum (mode 0), the mean (1) or the maximum (2) of the rows of each bag of indices, of
/// which `offsets` has the first; then the bag of each index, the size of each bag and the index of
/// each maximum, as far as torch fills them.
pub fn embedding_bag(
    weight: &Tensor,
    indices: &Tensor,
    offsets: &Tensor,
    mode: usize,
    per_sample_weights: Option<&Tensor>,
    include_last_offset: bool,
    padding_idx: Option<i64>,
) -> Result<(Tensor, Tensor, Tensor, Tensor)> {
    let (rows, width) = weight.dims2()?;
    let integers = |xs: &Tensor| {
        xs.to_device(&Device::Cpu)?
            .to_dtype(DType::I64)?
            .to_vec1::<i64>()
    };
    let (ids, mut starts) = (integers(indices)?, integers(offsets)?);
    let given = starts.len();
    if !starts.is_sorted() {
        bail!("embedding_bag: the bags start at {starts:?}, which do not ascend")
    }
    if include_last_offset && starts.pop() != Some(ids.len() as i64) {
        bail!(
            "embedding_bag: the last offset is not the number of indices, {}",
            ids.len()
        )
    }
    let scales = match per_sample_weights {
        Some(scales) => f64_values(scales)?,
        None => vec![1.; ids.len()],
    };
    let (values, bags) = (f64_values(weight)?, starts.len());
    let mut found = vec![0f64; bags * width];
    let (mut largest, mut sizes) = (vec![0i64; bags * width], vec![0i64; bags]);
    let mut bag_of = bags_of(ids.len(), &starts)?;
    for ((id, scale), bag) in ids.iter().zip(scales).zip(&bag_of) {
        let bag = *bag as usize;
        let Some(row) = usize::try_from(*id).ok().filter(|row| *row < rows) else {
            bail!("embedding_bag: index {id} of {rows} rows")
        };
        if padding_idx == Some(*id) {
            continue;
        }
        for j in 0..width {
            let (x, y) = (values[row * width + j], &mut found[bag * width + j]);
            if mode != 2 {
                *y += x * scale;
            } else if sizes[bag] == 0 || x > *y {
                (*y, largest[bag * width + j]) = (x, *id);
            }
        }
        sizes[bag] += 1;
    }
    if mode == 1 {
        for (row, size) in found.chunks_exact_mut(width.max(1)).zip(&sizes) {
            row.iter_mut().for_each(|y| *y /= (*size).max(1) as f64);
        }
    }
    if mode == 0 {
        // Torch needs neither for a sum, and leaves them empty or at 0.
        sizes = vec![0; given];
        if padding_idx.is_none() && weight.dtype() != DType::F64 {
            bag_of.clear();
        }
    }
    let tensor = |values: Vec<i64>| {
        let count = values.len();
        let found = Tensor::from_vec(values, count, &Device::Cpu)?;
        found.to_dtype(indices.dtype())?.to_device(weight.device())
    };
    let largest = match mode {
        2 => tensor(largest)?.reshape((bags, width))?,
        _ => tensor(sizes.clone())?,
    };
    let found = tensor_like(found, (bags, width), weight)?;
    Ok((found, tensor(bag_of)?, tensor(sizes)?, largest))
}

/// Returns the bag of each index.
fn bags_of(count: usize, starts: &[i64]) -> Result<Vec<i64>> {
    let bag = |i: usize| match starts.iter().rposition(|start| *start <= i as i64) {
        Some(bag) => Ok(bag as i64),
        None => bail!("embedding_bag: index {i} is before the first bag, {starts:?}"),
    };
    (0..count).map(bag).collect()
}
