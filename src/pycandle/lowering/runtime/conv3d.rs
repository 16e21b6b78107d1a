use candle_core::{Result, Tensor};

/// Returns the convolution over depth, height and width: for each plane of the kernel one over
/// height and width of the planes that it meets, added up.
pub fn conv3d(
    xs: &Tensor,
    weight: &Tensor,
    bias: Option<&Tensor>,
    stride: [usize; 3],
    padding: [usize; 3],
    dilation: [usize; 3],
    groups: usize,
) -> Result<Tensor> {
    if dilation[1] != dilation[2] {
        candle_core::bail!("conv3d: a dilation of {dilation:?}, not the same for rows and columns")
    }
    let (b, c, _, _, _) = xs.dims5()?;
    let mut xs = xs.clone();
    for (dim, &pad) in padding.iter().enumerate() {
        xs = xs.pad_with_zeros(dim + 2, pad, pad)?;
    }
    let kernel = weight.dim(2)?;
    let reach = dilation[0] * (kernel - 1) + 1;
    let Some(rest) = xs.dim(2)?.checked_sub(reach) else {
        candle_core::bail!(
            "conv3d: a kernel that reaches over {reach} of {} planes",
            xs.dim(2)?
        )
    };
    let planes = rest / stride[0] + 1;
    let (h, w) = (xs.dim(3)?, xs.dim(4)?);
    let mut sum: Option<Tensor> = None;
    for i in 0..kernel {
        let met = xs
            .narrow(2, i * dilation[0], (planes - 1) * stride[0] + 1)?
            .unfold(2, 1, stride[0])?
            .squeeze(5)?
            .transpose(1, 2)?
            .reshape((b * planes, c, h, w))?;
        let ys = met.conv2d(
            &weight.narrow(2, i, 1)?.squeeze(2)?.contiguous()?,
            0,
            1,
            dilation[1],
            groups,
        )?;
        sum = Some(match sum {
            Some(sum) => (sum + ys)?,
            None => ys,
        });
    }
    let Some(mut ys) = sum else {
        candle_core::bail!("conv3d: an empty kernel")
    };
    for dim in [1, 2] {
        if stride[dim] > 1 {
            ys = ys.unfold(dim + 1, 1, stride[dim])?.squeeze(4)?;
        }
    }
    let (_, c, h, w) = ys.dims4()?;
    let ys = ys
        .reshape((b, planes, c, h, w))?
        .transpose(1, 2)?
        .contiguous()?;
    match bias {
        Some(bias) => ys.broadcast_add(&bias.reshape((1, (), 1, 1, 1))?),
        None => Ok(ys),
    }
}
