use candle_core::{bail, DType, Device, Result, Tensor};

/// Returns a batch of images of which each element is the sum over the windows that hold it:
/// `xs` is (n, c * kernel, windows), the result (n, c, size).
pub fn col2im(
    xs: &Tensor,
    size: [usize; 2],
    kernel: [usize; 2],
    dilation: [usize; 2],
    padding: [usize; 2],
    stride: [usize; 2],
) -> Result<Tensor> {
    let (n, rows, columns) = xs.dims3()?;
    let mut windows = [0; 2];
    for i in 0..2 {
        let reach = dilation[i] * (kernel[i] - 1) + 1;
        let Some(rest) = (size[i] + 2 * padding[i]).checked_sub(reach) else {
            bail!("col2im: a window over {reach} of {} elements", size[i])
        };
        windows[i] = rest / stride[i] + 1;
    }
    let c = rows / (kernel[0] * kernel[1]);
    if windows[0] * windows[1] != columns || c * kernel[0] * kernel[1] != rows {
        bail!("col2im: {:?} for {windows:?} windows", xs.shape())
    }
    let values = xs
        .flatten_all()?
        .to_device(&Device::Cpu)?
        .to_dtype(DType::F64)?
        .to_vec1::<f64>()?;
    let mut ys = vec![0f64; n * c * size[0] * size[1]];
    for (i, value) in values.into_iter().enumerate() {
        let (row, window) = (i / columns, i % columns);
        let at = [row / kernel[1] % kernel[0], row % kernel[1]];
        let first = [window / windows[1], window % windows[1]];
        let place = |d: usize| {
            let place = (first[d] * stride[d] + at[d] * dilation[d]).checked_sub(padding[d]);
            place.filter(|place| *place < size[d])
        };
        if let (Some(y), Some(x)) = (place(0), place(1)) {
            let plane = row / (kernel[0] * kernel[1]);
            ys[(plane * size[0] + y) * size[1] + x] += value;
        }
    }
    Tensor::from_vec(ys, (n, c, size[0], size[1]), &Device::Cpu)?
        .to_dtype(xs.dtype())?
        .to_device(xs.device())
}
