use candle_core::{bail, Device, Result, Tensor};

/// Returns what `xs` holds where `mask`, which lies over its dims from `dim` on, is not zero.
///
/// The dims of the mask become one, whose size is the number of such places.
pub fn index_by_mask(xs: &Tensor, mask: &Tensor, dim: usize) -> Result<Tensor> {
    let behind = dim + mask.rank();
    if xs.dims().get(dim..behind) != Some(mask.dims()) {
        bail!(
            "index: a mask of {:?} from dim {dim} of {:?}",
            mask.shape(),
            xs.shape()
        )
    }
    let held = mask
        .flatten_all()?
        .to_device(&Device::Cpu)?
        .to_vec1::<u8>()?;
    let places = (0u32..).zip(&held).filter(|(_, held)| **held != 0);
    let places: Vec<u32> = places.map(|(place, _)| place).collect();
    let shape = |count: usize| [&xs.dims()[..dim], &[count], &xs.dims()[behind..]].concat();
    if places.is_empty() {
        return Tensor::zeros(shape(0), xs.dtype(), xs.device());
    }
    let count = places.len();
    let ids = Tensor::from_vec(places, count, xs.device())?;
    xs.contiguous()?
        .reshape(shape(held.len()))?
        .index_select(&ids, dim)
}
