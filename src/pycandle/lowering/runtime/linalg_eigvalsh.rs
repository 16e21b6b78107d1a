use super::{square_matrices_of, tensor_like};
use candle_core::{Result, Tensor};

/// Returns the eigenvalues of each symmetric matrix, the least first, from its lower triangle or its
/// upper one.
pub fn linalg_eigvalsh(xs: &Tensor, upper: bool) -> Result<Tensor> {
    let (matrices, n) = square_matrices_of(xs)?;
    let mut found = vec![];
    for read in matrices {
        let entry = |i: usize, j: usize| match (i >= j) != upper || i == j {
            true => read[i * n + j],
            false => read[j * n + i],
        };
        let mut a = (0..n * n).map(|i| entry(i / n, i % n)).collect::<Vec<_>>();
        let scale: f64 = a.iter().map(|x| x * x).sum();
        for _ in 0..60 {
            let outside = (0..n * n).filter(|i| i / n != i % n).map(|i| a[i] * a[i]);
            if scale.is_nan() || outside.sum::<f64>() <= 1e-34 * scale {
                break;
            }
            for p in 0..n {
                for q in p + 1..n {
                    rotate_pair(&mut a, n, p, q);
                }
            }
        }
        let mut values = (0..n).map(|i| a[i * n + i]).collect::<Vec<_>>();
        values.sort_by(f64::total_cmp);
        found.extend(values);
    }
    tensor_like(found, &xs.dims()[..xs.rank() - 1], xs)
}

/// Turns a symmetric matrix so that an element beside its diagonal becomes 0.
fn rotate_pair(a: &mut [f64], n: usize, p: usize, q: usize) {
    let across = a[p * n + q];
    if across == 0. {
        return;
    }
    let theta = (a[q * n + q] - a[p * n + p]) / (2. * across);
    let tangent = theta.signum() / (theta.abs() + (theta * theta + 1.).sqrt());
    let cosine = 1. / (tangent * tangent + 1.).sqrt();
    let sine = tangent * cosine;
    for k in 0..n {
        let (x, y) = (a[k * n + p], a[k * n + q]);
        (a[k * n + p], a[k * n + q]) = (cosine * x - sine * y, sine * x + cosine * y);
    }
    for k in 0..n {
        let (x, y) = (a[p * n + k], a[q * n + k]);
        (a[p * n + k], a[q * n + k]) = (cosine * x - sine * y, sine * x + cosine * y);
    }
}
