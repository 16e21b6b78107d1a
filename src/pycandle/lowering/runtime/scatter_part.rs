use candle_core::{bail, DType, Result, Tensor};

/// Returns `xs` with the elements of `src` written at indices along a dim, or added there. The
/// index may be smaller than `xs` and than `src` along any dim.
pub fn scatter_part(
    xs: &Tensor,
    dim: usize,
    index: &Tensor,
    src: &Tensor,
    accumulate: bool,
) -> Result<Tensor> {
    if index.elem_count() == 0 {
        return Ok(xs.clone());
    }
    if xs.rank() == 0 {
        let (index, src) = (index.reshape(1)?, src.reshape(1)?);
        return scatter_part(&xs.reshape(1)?, 0, &index, &src, accumulate)?.reshape(());
    }
    let size = xs.dim(dim)?;
    let outside = index.lt(0i64)?.maximum(&index.ge(size as i64)?)?;
    if outside.max_all()?.to_scalar::<u8>()? > 0 {
        bail!("scatter: an index is outside dim {dim}, of size {size}")
    }
    // Where each element lies if `xs` is read as one row.
    let mut places = Tensor::zeros(index.shape(), DType::I64, xs.device())?;
    let mut src = src.clone();
    let mut step = 1;
    for (other, length) in index.dims().iter().enumerate().rev() {
        src = src.narrow(other, 0, *length)?;
        let mut shape = vec![1; xs.rank()];
        shape[other] = *length;
        let along = match other == dim {
            true => index.clone(),
            false => Tensor::arange(0, *length as i64, xs.device())?.reshape(shape)?,
        };
        places = places.broadcast_add(&(along * step as f64)?)?;
        step *= xs.dim(other)?;
    }
    let (row, places) = (
        xs.flatten_all()?.contiguous()?,
        places.flatten_all()?.contiguous()?,
    );
    let src = src.flatten_all()?.contiguous()?;
    let row = match accumulate {
        true => row.index_add(&places, &src, 0)?,
        false => row.scatter(&places, &src, 0)?,
    };
    row.reshape(xs.shape())
}
