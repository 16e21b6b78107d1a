//! What Candle lacks and this model needs.

use candle_core::{bail, DType, Result, Tensor};

/// Returns the largest float over dims, NaN if any is.
pub(super) fn amax(xs: &Tensor, dims: &[usize], keepdim: bool) -> Result<Tensor> {
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

/// Returns the maximum of each window of a batch of images, padded with the lowest value; NaN if
/// any in the window is.
pub(super) fn max_pool2d(
    xs: &Tensor,
    kernel: [usize; 2],
    stride: [usize; 2],
    padding: [usize; 2],
    dilation: [usize; 2],
    ceil_mode: bool,
) -> Result<Tensor> {
    let mut xs = xs.clone();
    for i in 0..2 {
        let (size, dim) = (xs.dim(i + 2)?, i + 2);
        let padded = size + 2 * padding[i];
        let reach = dilation[i] * (kernel[i] - 1) + 1;
        // With `ceil_mode` the last window may reach over the end, also where it is the first.
        let over = if ceil_mode { stride[i] - 1 } else { 0 };
        let Some(rest) = (padded + over).checked_sub(reach) else {
            candle_core::bail!("max_pool2d: a window over {reach} of {padded} elements")
        };
        let mut windows = rest / stride[i] + 1;
        // A window that begins behind the input and its padding in front is none.
        if (windows - 1) * stride[i] >= size + padding[i] {
            windows -= 1;
        }
        let end = ((windows - 1) * stride[i] + reach).max(padded);
        let after = end - size - padding[i];
        let mut parts = vec![];
        for (position, pad) in [padding[i], size, after].into_iter().enumerate() {
            let mut dims = xs.dims().to_vec();
            dims[dim] = pad;
            match (position, pad) {
                (1, _) => parts.push(xs.clone()),
                (_, 0) => {}
                _ => {
                    let lowest = Tensor::full(f64::NEG_INFINITY, dims, xs.device())?;
                    parts.push(lowest.to_dtype(xs.dtype())?);
                }
            }
        }
        xs = Tensor::cat(&parts, dim)?;
    }
    if dilation == [1, 1] {
        let (kernel, stride) = ((kernel[0], kernel[1]), (stride[0], stride[1]));
        let ys = xs.max_pool2d_with_stride(kernel, stride)?;
        // Candle passes over a NaN.
        let nan = xs.ne(&xs)?.max_pool2d_with_stride(kernel, stride)?;
        let lost = Tensor::full(f32::NAN, ys.shape(), ys.device())?;
        return nan.where_cond(&lost.to_dtype(ys.dtype())?, &ys);
    }
    for i in 0..2 {
        let reach = dilation[i] * (kernel[i] - 1) + 1;
        xs = xs.unfold(i + 2, reach, stride[i])?;
    }
    for (i, step) in dilation.into_iter().enumerate() {
        xs = xs.unfold(i + 4, 1, step)?.squeeze(6)?;
    }
    amax(&xs.contiguous()?.flatten_from(4)?, &[4], false)
}

/// Returns the mean over dims. 16-bit floats are added up in `f32`, as in PyTorch.
pub(super) fn mean_dim(xs: &Tensor, dims: &[usize], keepdim: bool) -> Result<Tensor> {
    let dtype = xs.dtype();
    let xs = match dtype {
        DType::F16 | DType::BF16 => xs.to_dtype(DType::F32)?,
        _ => xs.clone(),
    };
    let ys = if keepdim {
        xs.mean_keepdim(dims)?
    } else {
        xs.mean(dims)?
    };
    ys.to_dtype(dtype)
}
