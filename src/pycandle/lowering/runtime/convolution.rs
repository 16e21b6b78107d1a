use super::{f64_values, filled_rows, tensor_like};
use candle_core::{bail, DType, Result, Tensor};

/// Returns the convolution over as many dims as the numbers are for, each with numbers of its own:
/// `xs` is (n, c, sizes..) and `weight` (o, c / groups, kernel..).
pub fn convolution(
    xs: &Tensor,
    weight: &Tensor,
    bias: Option<&Tensor>,
    stride: &[usize],
    padding: &[usize],
    dilation: &[usize],
    groups: usize,
) -> Result<Tensor> {
    let (dtype, wide) = (xs.dtype(), xs.to_dtype(wide_of(xs.dtype()))?);
    let (n, channels, sizes) = (xs.dim(0)?, xs.dim(1)?, &xs.dims()[2..]);
    let (filters, kernel) = (weight.dim(0)?, &weight.dims()[2..]);
    let mut counts = vec![];
    for (i, size) in sizes.iter().enumerate() {
        let reach = dilation[i] * (kernel[i] - 1) + 1;
        match (size + 2 * padding[i]).checked_sub(reach) {
            Some(rest) => counts.push(rest / stride[i] + 1),
            None => bail!("convolution: a kernel over {reach} of {size} elements"),
        }
    }
    let (taps, places): (usize, usize) = (kernel.iter().product(), counts.iter().product());
    let plane: usize = sizes.iter().product();
    let values = f64_values(&wide)?;
    // A row for each channel and element of the kernel: what it meets at each place.
    let columns = filled_rows(n * channels * taps, places, |row, met| {
        let source = &values[row / taps * plane..][..plane];
        for (i, met) in met.iter_mut().enumerate() {
            let (mut place, mut tap, mut at, mut unit) = (i, row % taps, Some(0), 1);
            for d in (0..sizes.len()).rev() {
                let x = place % counts[d] * stride[d] + tap % kernel[d] * dilation[d];
                let x = x.checked_sub(padding[d]).filter(|x| *x < sizes[d]);
                at = at.zip(x).map(|(at, x)| at + x * unit);
                (place, tap, unit) = (place / counts[d], tap / kernel[d], unit * sizes[d]);
            }
            *met = at.map_or(0., |at| source[at]);
        }
    });
    let rows = channels / groups * taps;
    let columns = tensor_like(columns, (n, groups, rows, places), &wide)?;
    let weight = weight.to_dtype(wide.dtype())?.contiguous()?;
    let weight = weight.reshape((1, groups, filters / groups, rows))?;
    let ys = weight.broadcast_matmul(&columns)?;
    let ys = ys.reshape((n, filters, places))?;
    let ys = match bias {
        Some(bias) => ys.broadcast_add(&bias.to_dtype(wide.dtype())?.reshape((1, (), 1))?)?,
        None => ys,
    };
    ys.reshape([&[n, filters], counts.as_slice()].concat())?
        .to_dtype(dtype)
}

fn wide_of(dtype: DType) -> DType {
    match dtype {
        DType::F16 | DType::BF16 => DType::F32,
        dtype => dtype,
    }
}
