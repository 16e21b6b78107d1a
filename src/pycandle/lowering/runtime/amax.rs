use candle_core::{bail, Result, Tensor};

/// Returns the largest float over dims, NaN if any is.
pub fn amax(xs: &Tensor, dims: &[usize], keepdim: bool) -> Result<Tensor> {
    if xs.elem_count() == 0 {
        // Candle reduces no elements, also where there is nothing to compute.
        let kept = (0..xs.rank()).filter(|dim| keepdim || !dims.contains(dim));
        let size = |dim: usize| {
            if dims.contains(&dim) {
                1
            } else {
                xs.dims()[dim]
            }
        };
        let shape: Vec<usize> = kept.map(size).collect();
        if shape.iter().product::<usize>() > 0 {
            bail!("amax: no elements in {:?}", xs.shape())
        }
        return Tensor::zeros(shape, xs.dtype(), xs.device());
    }
    // Candle keeps a NaN that comes first and passes over others.
    let (mut ys, mut nan) = (xs.clone(), xs.ne(xs)?);
    for dim in dims {
        ys = ys.max_keepdim(*dim)?;
        nan = nan.max_keepdim(*dim)?;
    }
    if !keepdim {
        let kept = (0..xs.rank()).filter(|dim| !dims.contains(dim));
        let shape: Vec<usize> = kept.map(|dim| xs.dims()[dim]).collect();
        (ys, nan) = (ys.reshape(shape.as_slice())?, nan.reshape(shape)?);
    }
    let lost = Tensor::full(f32::NAN, ys.shape(), ys.device())?;
    nan.where_cond(&lost.to_dtype(ys.dtype())?, &ys)
}
