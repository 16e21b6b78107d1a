use super::linalg_matrix_rank_tensor;
use candle_core::{Result, Tensor};

/// Returns how many singular values of each matrix are above `atol`, and above `rtol` times the
/// largest. One that is `hermitian` is read by its lower triangle.
pub fn linalg_matrix_rank(xs: &Tensor, atol: f64, rtol: f64, hermitian: bool) -> Result<Tensor> {
    let number = |x: f64| Tensor::new(x, xs.device());
    let (atol, rtol) = (number(atol)?, number(rtol)?);
    linalg_matrix_rank_tensor(xs, Some(&atol), Some(&rtol), 0., hermitian)
}
