use super::map_values;
use candle_core::{DType, Result, Tensor};

/// Returns numbers as a mantissa, whose size is from 1/2 to 1, and the power of 2 that scales it, as
/// `I32`. What is not finite has the power 0.
pub fn frexp(xs: &Tensor) -> Result<(Tensor, Tensor)> {
    let parts = |x: f64| -> (f64, f64) {
        if x == 0. || !x.is_finite() {
            return (x, 0.);
        }
        // A subnormal number is scaled up first.
        let (y, scale) = if x.abs() < f64::MIN_POSITIVE {
            (x * 2f64.powi(54), 54)
        } else {
            (x, 0)
        };
        let power = ((y.to_bits() >> 52) & 0x7ff) as i32 - 1022;
        (y * 2f64.powi(-power), f64::from(power - scale))
    };
    let mantissa = map_values(xs, |x| parts(x).0)?;
    let power = map_values(xs, |x| parts(x).1)?;
    Ok((mantissa, power.to_dtype(DType::I32)?))
}
