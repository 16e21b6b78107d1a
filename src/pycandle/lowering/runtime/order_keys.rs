use candle_core::{DType, Device, Result, Tensor};

/// Returns an integer for each element, in row-major order, that is greater where the element is:
/// NaN is the greatest number, and the two zeros are one.
pub fn order_keys(xs: &Tensor) -> Result<Vec<i64>> {
    let xs = xs.flatten_all()?.to_device(&Device::Cpu)?;
    if xs.dtype().is_int() {
        return xs.to_dtype(DType::I64)?.to_vec1();
    }
    let key = |x: f64| match x.is_nan() {
        true => i64::MAX,
        false => {
            let bits = (x + 0.).to_bits() as i64;
            bits ^ (((bits >> 63) as u64) >> 1) as i64
        }
    };
    let values = xs.to_dtype(DType::F64)?.to_vec1()?;
    Ok(values.into_iter().map(key).collect())
}
