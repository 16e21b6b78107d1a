use super::{f64_values, matrices_of, tensor_of_matrices, transposed_matrix};
use candle_core::{bail, Result, Tensor};

/// Returns the product of reflections, whose vectors lie below the diagonal of `xs` and whose
/// factors are `tau`, times a matrix; with `transpose` that of the reflections in the other order,
/// and the other way round where not `left`.
pub fn ormqr(
    xs: &Tensor,
    tau: &Tensor,
    other: &Tensor,
    left: bool,
    transpose: bool,
) -> Result<Tensor> {
    let (vectors, size, columns) = matrices_of(xs)?;
    let (others, rows, width) = matrices_of(other)?;
    let count = tau.dims().last().copied().unwrap_or(0);
    let factors = f64_values(tau)?;
    let fits = if left { rows } else { width } == size && count <= columns && count <= size;
    if !fits || others.len() != vectors.len() || factors.len() != count * vectors.len() {
        bail!("ormqr: {count} reflections of {size} elements beside {rows} x {width}")
    }
    let product = |i: usize| {
        let (a, factors) = (&vectors[i], &factors[i * count..][..count]);
        let reflect = |k: usize, c: &mut [f64], width: usize| {
            let vector = |i: usize| if i == k { 1. } else { a[i * columns + k] };
            let mut sums = vec![0f64; width];
            for i in k..size {
                let row = &c[i * width..][..width];
                let factor = factors[k] * vector(i);
                sums.iter_mut().zip(row).for_each(|(y, x)| *y += factor * x);
            }
            for i in k..size {
                let (row, factor) = (&mut c[i * width..][..width], vector(i));
                row.iter_mut()
                    .zip(&sums)
                    .for_each(|(y, x)| *y -= factor * x);
            }
        };
        // `c @ q` is the transpose of `q^T @ c^T`.
        let (mut c, across) = match left {
            true => (others[i].clone(), width),
            false => (transposed_matrix(&others[i], rows, width), rows),
        };
        match left == transpose {
            true => (0..count).for_each(|k| reflect(k, &mut c, across)),
            false => (0..count).rev().for_each(|k| reflect(k, &mut c, across)),
        }
        match left {
            true => c,
            false => transposed_matrix(&c, size, rows),
        }
    };
    let found = (0..others.len()).map(product).collect();
    tensor_of_matrices(found, rows, width, other)
}
