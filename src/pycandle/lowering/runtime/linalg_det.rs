use super::{lu_in_place, square_matrices_of, tensor_like};
use candle_core::{Result, Tensor};

/// Returns the determinant of each matrix.
pub fn linalg_det(xs: &Tensor) -> Result<Tensor> {
    let (matrices, n) = square_matrices_of(xs)?;
    let det = |mut a: Vec<f64>| {
        let swaps = lu_in_place(&mut a, n, n, true);
        let swaps = swaps.iter().enumerate().filter(|(i, other)| i != *other);
        let sign = swaps.fold(1., |sign: f64, _| -sign);
        (0..n).fold(sign, |det, i| det * a[i * n + i])
    };
    let found = matrices.into_iter().map(det).collect();
    tensor_like(found, &xs.dims()[..xs.rank() - 2], xs)
}
