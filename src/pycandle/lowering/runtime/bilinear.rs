use candle_core::{DType, Result, Tensor, D};

/// Returns the product of `xs`, (.., i), with each matrix of `weight`, (o, i, j), and with `other`,
/// (.., j): (.., o).
pub fn bilinear(
    xs: &Tensor,
    other: &Tensor,
    weight: &Tensor,
    bias: Option<&Tensor>,
) -> Result<Tensor> {
    let wide = match xs.dtype() {
        DType::F16 | DType::BF16 => DType::F32,
        dtype => dtype,
    };
    let (o, i, j) = weight.dims3()?;
    let rows = xs.elem_count() / i.max(1);
    let left = xs.to_dtype(wide)?.contiguous()?.reshape((rows, i))?;
    let right = other.to_dtype(wide)?.contiguous()?.reshape((rows, 1, j))?;
    let weight = weight.to_dtype(wide)?.transpose(0, 1)?.contiguous()?;
    let met = left
        .matmul(&weight.reshape((i, o * j))?)?
        .reshape((rows, o, j))?;
    let ys = met.broadcast_mul(&right)?.sum(D::Minus1)?;
    let ys = match bias {
        Some(bias) => ys.broadcast_add(&bias.to_dtype(wide)?)?,
        None => ys,
    };
    let batch = &xs.dims()[..xs.rank() - 1];
    ys.reshape([batch, &[o]].concat())?.to_dtype(xs.dtype())
}
