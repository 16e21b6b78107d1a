use candle_core::{DType, Result, Tensor};

/// Returns the product over a dim. 16-bit floats are multiplied in `f32`, as in PyTorch.
pub fn prod_dim(xs: &Tensor, dim: usize, keepdim: bool) -> Result<Tensor> {
    let dtype = xs.dtype();
    let xs = match dtype {
        DType::F16 | DType::BF16 => xs.to_dtype(DType::F32)?,
        _ => xs.clone(),
    };
    let mut shape = xs.dims().to_vec();
    shape[dim] = 1;
    let mut product = Tensor::ones(shape, xs.dtype(), xs.device())?;
    for index in 0..xs.dim(dim)? {
        product = (product * xs.narrow(dim, index, 1)?)?;
    }
    let product = if keepdim {
        product
    } else {
        product.squeeze(dim)?
    };
    product.to_dtype(dtype)
}
