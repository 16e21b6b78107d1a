use super::{f64_values, matrices_of, tensor_of_matrices};
use candle_core::{Result, Tensor};

/// Returns the first columns of the product of reflections: as many as `xs` has, whose vectors lie
/// below its diagonal, with the factors in `tau`.
pub fn linalg_householder_product(xs: &Tensor, tau: &Tensor) -> Result<Tensor> {
    let (matrices, rows, columns) = matrices_of(xs)?;
    let count = tau.dims().last().copied().unwrap_or(0);
    let factors = f64_values(tau)?;
    let mut found = vec![];
    for (i, a) in matrices.iter().enumerate() {
        let entry = |i: usize| if i / columns == i % columns { 1. } else { 0. };
        let mut q = (0..rows * columns).map(entry).collect::<Vec<f64>>();
        for k in (0..count).rev() {
            let vector = |i: usize| if i == k { 1. } else { a[i * columns + k] };
            for j in 0..columns {
                let sum: f64 = (k..rows).map(|i| vector(i) * q[i * columns + j]).sum();
                let step = factors[i * count + k] * sum;
                (k..rows).for_each(|i| q[i * columns + j] -= step * vector(i));
            }
        }
        found.push(q);
    }
    tensor_of_matrices(found, rows, columns, xs)
}
