use super::{loss_terms, reduced_loss};
use candle_core::{DType, Result, Tensor};

/// Returns `log(1 + exp(-target * xs))`; infinite where the exponential is too large for the dtype,
/// as PyTorch's is.
pub fn soft_margin_loss(xs: &Tensor, target: &Tensor, reduction: usize) -> Result<Tensor> {
    let largest = match xs.dtype() {
        DType::F16 => 65_519.,
        DType::F64 => f64::MAX,
        _ => f64::from(f32::MAX),
    };
    let terms = loss_terms(xs, target, |x, y| match (-y * x).exp() {
        grown if grown > largest => f64::INFINITY,
        grown => grown.ln_1p(),
    })?;
    reduced_loss(&terms, reduction, xs)
}
