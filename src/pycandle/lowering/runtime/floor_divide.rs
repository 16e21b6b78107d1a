use candle_core::{bail, DType, Device, Result, Tensor};

/// Returns the quotient rounded down, as Python divides with `//`.
///
/// Shapes broadcast. Integers cannot be divided by 0.
pub fn floor_divide(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    let integer = |x: i64, y: i64| -> Result<i64> {
        if y == 0 {
            bail!("floor_divide: division by zero")
        }
        let quotient = x.wrapping_div(y);
        let inexact = x.wrapping_rem(y) != 0;
        Ok(if inexact && (x < 0) != (y < 0) {
            quotient - 1
        } else {
            quotient
        })
    };
    let float = |x: f64, y: f64| {
        let rest = x % y;
        if y == 0.0 || rest.is_nan() {
            return x / y;
        }
        // The remainder is exact, so that 1.0 // 0.1 is 9.
        let quotient = (x - rest) / y;
        let below = rest != 0.0 && (y < 0.0) != (rest < 0.0);
        (if below { quotient - 1.0 } else { quotient }).round()
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
