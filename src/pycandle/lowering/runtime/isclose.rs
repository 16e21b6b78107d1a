use super::map_pairs;
use candle_core::{DType, Result, Tensor};

/// Returns whether elements differ by at most `atol` and `rtol` times the size of the other; shapes
/// broadcast. Of integers, in `f64`.
pub fn isclose(
    xs: &Tensor,
    other: &Tensor,
    rtol: f64,
    atol: f64,
    equal_nan: bool,
) -> Result<Tensor> {
    let wide = |x: &Tensor| x.to_dtype(DType::F64);
    let close = map_pairs(&wide(xs)?, &wide(other)?, |x, y| {
        let near = y.is_finite() && (x - y).abs() <= atol + rtol * y.abs();
        f64::from(x == y || near || (equal_nan && x.is_nan() && y.is_nan()))
    })?;
    close.to_dtype(DType::U8)
}
