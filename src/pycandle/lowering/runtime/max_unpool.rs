use super::{f64_values, tensor_like};
use candle_core::{bail, DType, Device, Result, Tensor};

/// Returns zeros of `sizes` in the last dims, with each element of `xs` at its place among them.
pub fn max_unpool(xs: &Tensor, indices: &Tensor, sizes: &[usize]) -> Result<Tensor> {
    if xs.dims() != indices.dims() {
        bail!(
            "max_unpool: {:?} at the places {:?}",
            xs.dims(),
            indices.dims()
        )
    }
    let (outer, pooled) = xs.dims().split_at(xs.rank() - sizes.len());
    let count = pooled.iter().product::<usize>().max(1);
    let plane: usize = sizes.iter().product();
    let mut ys = vec![0f64; outer.iter().product::<usize>() * plane];
    let places = indices.flatten_all()?.to_device(&Device::Cpu)?;
    let places = places.to_dtype(DType::I64)?.to_vec1::<i64>()?;
    for (i, (value, place)) in f64_values(xs)?.into_iter().zip(places).enumerate() {
        match usize::try_from(place).ok().filter(|place| *place < plane) {
            Some(place) => ys[i / count * plane + place] = value,
            None => bail!("max_unpool: place {place} of {sizes:?}"),
        }
    }
    tensor_like(ys, [outer, sizes].concat(), xs)
}
