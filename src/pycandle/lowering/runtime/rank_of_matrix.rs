use super::{singular_values, symmetric_eigen, transposed_matrix};

/// Returns how many singular values of a matrix are above the tolerance, absolute and relative to
/// the largest; of one that is `hermitian` by its lower triangle.
pub fn rank_of_matrix(
    a: &[f64],
    rows: usize,
    columns: usize,
    (atol, rtol): (f64, f64),
    hermitian: bool,
) -> i64 {
    let values = match (hermitian, rows >= columns) {
        (true, _) => symmetric_eigen(a, rows, false).0,
        (_, true) => singular_values(a, rows, columns).1,
        _ => singular_values(&transposed_matrix(a, rows, columns), columns, rows).1,
    };
    let least = atol.max(rtol * values.iter().fold(0f64, |y, x| y.max(x.abs())));
    values.iter().filter(|x| x.abs() > least).count() as i64
}
