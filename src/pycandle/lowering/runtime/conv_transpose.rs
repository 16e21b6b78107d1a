use super::{f64_values, filled_rows, tensor_like};
use candle_core::{bail, DType, Result, Tensor};

/// Returns the transposed convolution over as many dims as the numbers are for, each with numbers of
/// its own: `xs` is (n, c, sizes..) and `weight` (c, o / groups, kernel..).
#[allow(clippy::too_many_arguments)] // Those of the schema.
pub fn conv_transpose(
    xs: &Tensor,
    weight: &Tensor,
    bias: Option<&Tensor>,
    stride: &[usize],
    padding: &[usize],
    output_padding: &[usize],
    groups: usize,
    dilation: &[usize],
) -> Result<Tensor> {
    let dtype = xs.dtype();
    let wide = match dtype {
        DType::F16 | DType::BF16 => DType::F32,
        dtype => dtype,
    };
    let (n, channels, sizes) = (xs.dim(0)?, xs.dim(1)?, &xs.dims()[2..]);
    let (filters, kernel) = (weight.dim(1)? * groups, &weight.dims()[2..]);
    let mut counts = vec![];
    for (i, size) in sizes.iter().enumerate() {
        let whole = (size.max(&1) - 1) * stride[i] + dilation[i] * (kernel[i] - 1) + 1;
        match (whole + output_padding[i]).checked_sub(2 * padding[i]) {
            Some(count) if *size > 0 => counts.push(count),
            _ => bail!(
                "conv_transpose: {size} elements with a padding of {}",
                padding[i]
            ),
        }
    }
    let (taps, plane): (usize, usize) = (kernel.iter().product(), sizes.iter().product());
    // What each element adds at each element of the kernel.
    let rows = weight.to_dtype(wide)?.contiguous()?;
    let rows = rows.reshape((1, groups, channels / groups, filters / groups * taps))?;
    let columns = xs.to_dtype(wide)?.contiguous()?;
    let columns = columns.reshape((n, groups, channels / groups, plane))?;
    let added = rows
        .transpose(2, 3)?
        .contiguous()?
        .broadcast_matmul(&columns)?;
    let added = f64_values(&added)?;
    let ys = filled_rows(n * filters, counts.iter().product(), |row, ys| {
        let added = &added[row * taps * plane..][..taps * plane];
        for (i, value) in added.iter().enumerate() {
            let (mut tap, mut place, mut at, mut unit) = (i / plane, i % plane, Some(0), 1);
            for d in (0..sizes.len()).rev() {
                let y = place % sizes[d] * stride[d] + tap % kernel[d] * dilation[d];
                let y = y.checked_sub(padding[d]).filter(|y| *y < counts[d]);
                at = at.zip(y).map(|(at, y)| at + y * unit);
                (tap, place, unit) = (tap / kernel[d], place / sizes[d], unit * counts[d]);
            }
            if let Some(at) = at {
                ys[at] += value;
            }
        }
    });
    let ys = tensor_like(
        ys,
        [&[n, filters], counts.as_slice()].concat(),
        &added_like(xs, wide)?,
    )?;
    let ys = match bias {
        Some(bias) => {
            let mut dims = vec![1; xs.rank()];
            dims[1] = filters;
            ys.broadcast_add(&bias.to_dtype(wide)?.reshape(dims)?)?
        }
        None => ys,
    };
    ys.to_dtype(dtype)
}

fn added_like(xs: &Tensor, wide: DType) -> Result<Tensor> {
    Tensor::zeros((), wide, xs.device())
}
