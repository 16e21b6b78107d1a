/// Returns the mean and the variance, not corrected, of a row.
///
/// The mean is subtracted before anything is squared, and is refined by the mean of what is left,
/// so that a row of one value has that value as its mean. Sums run in eight lanes.
pub fn row_moments(row: &[f64]) -> (f64, f64) {
    let size = row.len() as f64;
    let mean = sum_of(row, |x| x) / size;
    let mean = mean + sum_of(row, |x| x - mean) / size;
    let var = sum_of(row, |x| (x - mean) * (x - mean)) / size;
    (mean, var)
}

fn sum_of(row: &[f64], term: impl Fn(f64) -> f64) -> f64 {
    let chunks = row.chunks_exact(8);
    let rest: f64 = chunks.remainder().iter().map(|x| term(*x)).sum();
    let mut lanes = [0f64; 8];
    for chunk in chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane += term(*x);
        }
    }
    rest + lanes.iter().sum::<f64>()
}
