use candle_core::{bail, DType, Device, Result, Tensor};

/// Returns the quotient rounded towards 0.
///
/// Shapes broadcast. Integers cannot be divided by 0.
pub fn div_trunc(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    let integer = |x: i64, y: i64| -> Result<i64> {
        if y == 0 {
            bail!("div_trunc: division by zero")
        }
        Ok(x.wrapping_div(y))
    };
    let exact = xs.dtype() == DType::F64;
    let float = |x: f64, y: f64| {
        // The quotient is rounded to its own precision before it is truncated, as in PyTorch.
        let quotient = x / y;
        (if exact {
            quotient
        } else {
            quotient as f32 as f64
        })
        .trunc()
    };
    let other = other.to_dtype(xs.dtype())?;
    let wide = xs.broadcast_mul(&other.ones_like()?)?;
    let rhs = other
        .broadcast_mul(&xs.ones_like()?)?
        .flatten_all()?
        .to_device(&Device::Cpu)?;
    let lhs = wide.flatten_all()?.to_device(&Device::Cpu)?;
    let ys = if xs.dtype().is_int() {
        let pairs = lhs.to_dtype(DType::I64)?.to_vec1()?.into_iter();
        let pairs = pairs.zip(rhs.to_dtype(DType::I64)?.to_vec1()?);
        let values = pairs
            .map(|(x, y)| integer(x, y))
            .collect::<Result<Vec<_>>>()?;
        Tensor::from_vec(values, wide.shape(), &Device::Cpu)?
    } else {
        let pairs = lhs.to_dtype(DType::F64)?.to_vec1()?.into_iter();
        let pairs = pairs.zip(rhs.to_dtype(DType::F64)?.to_vec1()?);
        let values = pairs.map(|(x, y)| float(x, y)).collect::<Vec<_>>();
        Tensor::from_vec(values, wide.shape(), &Device::Cpu)?
    };
    ys.to_dtype(xs.dtype())?.to_device(xs.device())
}
