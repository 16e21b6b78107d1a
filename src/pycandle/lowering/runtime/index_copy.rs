use candle_core::{bail, Device, Result, Tensor};

/// Returns `xs` with the parts at indices along a dim exchanged for those of `source`; of equal
/// indices the last counts.
pub fn index_copy(xs: &Tensor, dim: usize, index: &Tensor, source: &Tensor) -> Result<Tensor> {
    if xs.rank() == 0 {
        let (xs, source) = (xs.reshape(1)?, source.flatten_all()?);
        return index_copy(&xs, 0, index, &source)?.reshape(());
    }
    if source.rank() == 0 {
        return index_copy(xs, dim, index, &source.reshape(vec![1; xs.rank()])?);
    }
    let size = xs.dim(dim)?;
    let mut from: Vec<_> = (0..size as i64).collect();
    let index = index.flatten_all()?.to_device(&Device::Cpu)?;
    for (i, to) in index.to_vec1::<i64>()?.into_iter().enumerate() {
        if to < 0 || to as usize >= size {
            bail!("index_copy: index {to} outside dim {dim}, of size {size}")
        }
        from[to as usize] = (size + i) as i64;
    }
    let from = Tensor::new(from, xs.device())?;
    let whole = Tensor::cat(&[xs, source], dim)?.contiguous()?;
    whole.index_select(&from, dim)
}
