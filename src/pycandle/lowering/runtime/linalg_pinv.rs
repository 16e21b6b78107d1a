use super::linalg_pinv_tensor;
use candle_core::{Result, Tensor};

/// Returns the pseudoinverse of each matrix, of which singular values up to `atol`, or up to `rtol`
/// times the largest, count as 0. One that is `hermitian` is read by its lower triangle.
pub fn linalg_pinv(xs: &Tensor, atol: f64, rtol: f64, hermitian: bool) -> Result<Tensor> {
    let number = |x: f64| Tensor::new(x, xs.device());
    let (atol, rtol) = (number(atol)?, number(rtol)?);
    linalg_pinv_tensor(xs, Some(&atol), Some(&rtol), 0., hermitian)
}
