use candle_core::{bail, Result, Tensor};

/// Returns each window of a batch of images as a column: (n, c * kernel, windows).
pub fn im2col(
    xs: &Tensor,
    kernel: [usize; 2],
    dilation: [usize; 2],
    padding: [usize; 2],
    stride: [usize; 2],
) -> Result<Tensor> {
    let (n, c, _, _) = xs.dims4()?;
    let mut xs = xs.clone();
    for i in 0..2 {
        let reach = dilation[i] * (kernel[i] - 1) + 1;
        xs = xs.pad_with_zeros(i + 2, padding[i], padding[i])?;
        if xs.dim(i + 2)? < reach {
            bail!(
                "im2col: a window over {reach} of {} elements",
                xs.dim(i + 2)?
            )
        }
    }
    for i in 0..2 {
        let reach = dilation[i] * (kernel[i] - 1) + 1;
        xs = xs.unfold(i + 2, reach, stride[i])?;
    }
    for (i, step) in dilation.into_iter().enumerate() {
        xs = xs.unfold(i + 4, 1, step)?.squeeze(6)?;
    }
    let windows = xs.dim(2)? * xs.dim(3)?;
    xs.permute([0, 1, 4, 5, 2, 3])?
        .contiguous()?
        .reshape((n, c * kernel[0] * kernel[1], windows))
}
