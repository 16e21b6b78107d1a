/// Returns the sum of the squares of vectors, each as a matrix, (n, n), times its weight.
pub fn spectral_sum(
    weights: impl Iterator<Item = f64>,
    vectors: &[Vec<f64>],
    n: usize,
) -> Vec<f64> {
    let mut found = vec![0f64; n * n];
    for (weight, vector) in weights.zip(vectors) {
        for (row, x) in found.chunks_exact_mut(n.max(1)).zip(vector) {
            let factor = weight * x;
            row.iter_mut()
                .zip(vector)
                .for_each(|(y, x)| *y += factor * x);
        }
    }
    found
}
