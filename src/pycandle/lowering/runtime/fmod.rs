use candle_core::{bail, DType, Device, Result, Tensor};

/// Returns the remainder of a division rounded towards 0: it has the sign of `xs`.
///
/// Shapes broadcast. Integers cannot be divided by 0.
pub fn fmod(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    let integer = |x: i64, y: i64| -> Result<i64> {
        if y == 0 {
            bail!("fmod: division by zero")
        }
        Ok(x.wrapping_rem(y))
    };
    let float = |x: f64, y: f64| x % y;
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
