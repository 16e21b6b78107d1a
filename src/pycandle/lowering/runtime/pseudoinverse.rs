use super::{singular_values, spectral_sum, symmetric_eigen, transposed_matrix};

/// Returns the pseudoinverse of a matrix, of which singular values up to the tolerance, absolute or
/// relative to the largest, count as 0; of one that is `hermitian` by its lower triangle.
pub fn pseudoinverse(
    a: &[f64],
    rows: usize,
    columns: usize,
    (atol, rtol): (f64, f64),
    hermitian: bool,
) -> Vec<f64> {
    if hermitian {
        let (values, vectors) = symmetric_eigen(a, rows, false);
        let least = atol.max(rtol * values.iter().fold(0f64, |y, x| y.max(x.abs())));
        let inverse = |x: &f64| if x.abs() <= least { 0. } else { 1. / x };
        return spectral_sum(values.iter().map(inverse), &vectors, rows);
    }
    let is_tall = rows >= columns;
    let (long, short) = (rows.max(columns), rows.min(columns));
    let turned = if is_tall {
        a.to_vec()
    } else {
        transposed_matrix(a, rows, columns)
    };
    let (left, values, right) = singular_values(&turned, long, short);
    let least = atol.max(rtol * values.first().copied().unwrap_or(0.));
    // (short, long): the transpose of the directions, each divided by its value's square.
    let mut found = vec![0f64; short * long];
    for (k, value) in values
        .iter()
        .enumerate()
        .filter(|(_, value)| **value > least)
    {
        for (i, row) in found.chunks_exact_mut(long.max(1)).enumerate() {
            let factor = right[k][i] / (value * value);
            row.iter_mut()
                .zip(&left[k])
                .for_each(|(y, x)| *y += factor * x);
        }
    }
    if is_tall {
        found
    } else {
        transposed_matrix(&found, short, long)
    }
}
