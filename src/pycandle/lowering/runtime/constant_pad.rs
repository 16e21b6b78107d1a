use candle_core::{Result, Tensor};

/// Returns `xs` with `left` values before a dim and `right` behind it.
pub fn constant_pad(
    xs: &Tensor,
    dim: usize,
    left: usize,
    right: usize,
    value: f64,
) -> Result<Tensor> {
    let side = |size: usize| {
        let mut dims = xs.dims().to_vec();
        dims[dim] = size;
        Tensor::full(value, dims, xs.device())?.to_dtype(xs.dtype())
    };
    Tensor::cat(&[side(left)?, xs.contiguous()?, side(right)?], dim)
}
