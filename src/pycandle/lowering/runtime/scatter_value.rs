use candle_core::{Result, Tensor};

/// Returns `xs` with `value` at indices along a dim.
pub fn scatter_value(xs: &Tensor, dim: usize, index: &Tensor, value: f64) -> Result<Tensor> {
    let value = Tensor::new(value, xs.device())?
        .to_dtype(xs.dtype())?
        .broadcast_as(index.shape())?
        .contiguous()?;
    xs.scatter(index, &value, dim)
}
