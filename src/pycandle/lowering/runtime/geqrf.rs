use super::{matrices_of, tensor_like, tensor_of_matrices};
use candle_core::{Result, Tensor};

/// Returns each matrix as reflections, whose vectors lie below its diagonal and begin with a 1 that
/// is not written, with the upper triangle that they make of it; and the factor of each.
pub fn geqrf(xs: &Tensor) -> Result<(Tensor, Tensor)> {
    let (mut matrices, rows, columns) = matrices_of(xs)?;
    let count = rows.min(columns);
    let mut factors = vec![];
    for a in &mut matrices {
        for k in 0..count {
            let first = a[k * columns + k];
            let below: f64 = (k + 1..rows).map(|i| a[i * columns + k].powi(2)).sum();
            if below == 0. {
                factors.push(0.);
                continue;
            }
            // As LAPACK: away from the first element, so that nothing cancels.
            let length = -first.signum() * (first * first + below).sqrt();
            let factor = (length - first) / length;
            (k + 1..rows).for_each(|i| a[i * columns + k] /= first - length);
            a[k * columns + k] = length;
            for j in k + 1..columns {
                let along = |i: usize| a[i * columns + k] * a[i * columns + j];
                let sum = a[k * columns + j] + (k + 1..rows).map(along).sum::<f64>();
                a[k * columns + j] -= factor * sum;
                (k + 1..rows).for_each(|i| a[i * columns + j] -= factor * sum * a[i * columns + k]);
            }
            factors.push(factor);
        }
    }
    let batch = &xs.dims()[..xs.rank() - 2];
    let factors = tensor_like(factors, [batch, &[count]].concat(), xs)?;
    Ok((tensor_of_matrices(matrices, rows, columns, xs)?, factors))
}
