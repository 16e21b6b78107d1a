use candle_core::{DType, Device, Result, Tensor};

/// Returns the power of integers, element by element, in the dtype of `base`; shapes broadcast.
///
/// It wraps where it does not fit. A negative exponent leaves 0 but of 1 and -1.
pub fn pow_integer(base: &Tensor, exponent: &Tensor) -> Result<Tensor> {
    let power = |mut x: i64, mut n: i64| {
        if n < 0 {
            return match x {
                1 => 1,
                -1 => 1 - 2 * (n & 1),
                _ => 0,
            };
        }
        let mut y = 1i64;
        while n > 0 {
            if n & 1 == 1 {
                y = y.wrapping_mul(x);
            }
            x = x.wrapping_mul(x);
            n >>= 1;
        }
        y
    };
    let shape = base
        .shape()
        .broadcast_shape_binary_op(exponent.shape(), "pow_integer")?;
    let integers = |x: &Tensor| -> Result<Vec<i64>> {
        let x = x.broadcast_as(&shape)?.flatten_all()?;
        x.to_device(&Device::Cpu)?.to_dtype(DType::I64)?.to_vec1()
    };
    let pairs = integers(base)?.into_iter().zip(integers(exponent)?);
    let values = pairs.map(|(x, n)| power(x, n)).collect::<Vec<_>>();
    Tensor::from_vec(values, &shape, &Device::Cpu)?
        .to_dtype(base.dtype())?
        .to_device(base.device())
}
