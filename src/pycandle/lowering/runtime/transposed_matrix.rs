/// Returns the transpose of a matrix.
pub fn transposed_matrix(a: &[f64], rows: usize, columns: usize) -> Vec<f64> {
    let entry = |i: usize| a[i % rows * columns + i / rows];
    (0..rows * columns).map(entry).collect()
}
