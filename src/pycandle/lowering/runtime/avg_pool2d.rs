use candle_core::{DType, Result, Tensor};

/// Returns the mean of each window of a batch of images: its sum divided by `divisor`, or else by
/// the number of its elements, those of the padding in it or not.
pub fn avg_pool2d(
    xs: &Tensor,
    kernel: [usize; 2],
    stride: [usize; 2],
    padding: [usize; 2],
    ceil_mode: bool,
    count_include_pad: bool,
    divisor: Option<f64>,
) -> Result<Tensor> {
    let dtype = xs.dtype();
    let wide = match dtype {
        DType::F16 | DType::BF16 => DType::F32,
        dtype => dtype,
    };
    let mut ys = xs.to_dtype(wide)?.contiguous()?;
    let mut counts = vec![];
    let (mut summed, mut step) = (kernel, stride);
    for i in 0..2 {
        let size = xs.dim(i + 2)?;
        let padded = size + 2 * padding[i];
        // With `ceil_mode` the last window may reach over the end, also where it is the first.
        let over = if ceil_mode { stride[i] - 1 } else { 0 };
        let Some(rest) = (padded + over).checked_sub(kernel[i]) else {
            candle_core::bail!(
                "avg_pool2d: a window over {} of {padded} elements",
                kernel[i]
            )
        };
        let mut windows = rest / stride[i] + 1;
        if (windows - 1) * stride[i] >= size + padding[i] {
            windows -= 1;
        }
        if windows == 1 {
            // Zeros add nothing, and a window may be far larger than the image.
            (summed[i], step[i]) = (size.min(kernel[i] - padding[i]), 1);
            ys = ys.narrow(i + 2, 0, summed[i])?.contiguous()?;
        } else {
            let end = ((windows - 1) * stride[i] + kernel[i]).max(padded);
            ys = ys.pad_with_zeros(i + 2, padding[i], end - size - padding[i])?;
        }
        let (first, last) = match count_include_pad {
            true => (0, padded),
            false => (padding[i], padding[i] + size),
        };
        let count = |window: usize| {
            let start = window * stride[i];
            (start + kernel[i]).min(last) - start.max(first)
        };
        counts.push((0..windows).map(|w| count(w) as f64).collect::<Vec<_>>());
    }
    let area = (summed[0] * summed[1]) as f64;
    let sums = ys.avg_pool2d_with_stride((summed[0], summed[1]), (step[0], step[1]))?;
    let sums = (sums * area)?;
    let ys = match divisor {
        Some(divisor) => (sums / divisor)?,
        None => {
            let (h, w) = (counts[0].len(), counts[1].len());
            let rows = Tensor::from_slice(&counts[0], (h, 1), xs.device())?;
            let columns = Tensor::from_slice(&counts[1], (1, w), xs.device())?;
            sums.broadcast_div(&rows.broadcast_mul(&columns)?.to_dtype(wide)?)?
        }
    };
    ys.to_dtype(dtype)
}
