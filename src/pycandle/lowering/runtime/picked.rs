use super::order_keys;
use candle_core::{bail, Device, Result, Tensor};

/// Returns the elements that `pick` chooses along a dim, and their indices. It takes a row as
/// integers in the order of the elements.
pub fn picked(
    xs: &Tensor,
    dim: usize,
    keepdim: bool,
    pick: impl Fn(&[i64]) -> usize,
) -> Result<(Tensor, Tensor)> {
    if xs.rank() == 0 {
        let index = Tensor::new(pick(&order_keys(xs)?) as i64, xs.device())?;
        return Ok((xs.clone(), index));
    }
    let (last, size) = (xs.rank() - 1, xs.dim(dim)?);
    if size == 0 {
        bail!("no element to choose along dim {dim} of {:?}", xs.shape())
    }
    let rows = xs.transpose(dim, last)?.contiguous()?;
    let keys = order_keys(&rows)?;
    let found: Vec<_> = keys.chunks_exact(size).map(|x| pick(x) as i64).collect();
    let mut shape = rows.dims().to_vec();
    shape[last] = 1;
    let indices = Tensor::from_vec(found, shape, &Device::Cpu)?.to_device(xs.device())?;
    let values = rows.gather(&indices, last)?;
    let shaped = |x: Tensor| {
        let x = x.transpose(dim, last)?;
        (if keepdim { x } else { x.squeeze(dim)? }).contiguous()
    };
    Ok((shaped(values)?, shaped(indices)?))
}
