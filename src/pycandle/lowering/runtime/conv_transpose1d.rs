use candle_core::{Result, Tensor};

/// Returns the transposed convolution without padding and dilation, one of the batch at a time:
/// together Candle would multiply them as if they were rows of one matrix.
pub fn conv_transpose1d(
    xs: &Tensor,
    weight: &Tensor,
    stride: usize,
    groups: usize,
) -> Result<Tensor> {
    let ys = (0..xs.dim(0)?)
        .map(|i| {
            xs.narrow(0, i, 1)?
                .conv_transpose1d(weight, 0, 0, stride, 1, groups)
        })
        .collect::<Result<Vec<_>>>()?;
    Tensor::cat(&ys, 0)
}
