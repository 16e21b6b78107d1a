/// Returns the discrete Fourier transform of complex numbers in pairs; `sign` is -1 for the forward
/// one and 1 for the inverse, which is not divided.
///
/// A row is split by its factors, so that the time grows with their sum.
pub fn fft_of_row(row: &[f64], sign: f64) -> Vec<f64> {
    let size = row.len() / 2;
    let turn = |i: usize| {
        let angle = sign * std::f64::consts::TAU * i as f64 / size as f64;
        [angle.cos(), angle.sin()]
    };
    let turns = (0..size).map(turn).collect::<Vec<_>>();
    split_fft(row, size, 0, 1, &turns)
}

/// Transforms each `step`-th number from `first` on, of which there are `size`.
fn split_fft(row: &[f64], size: usize, first: usize, step: usize, turns: &[[f64; 2]]) -> Vec<f64> {
    if size <= 1 {
        return row
            .get(2 * first..2 * first + 2 * size)
            .unwrap_or(&[])
            .to_vec();
    }
    let factor = (2..)
        .take_while(|f| f * f <= size)
        .find(|f| size.is_multiple_of(*f));
    let factor = factor.unwrap_or(size);
    let part = size / factor;
    let parts = (0..factor)
        .map(|k| split_fft(row, part, first + k * step, step * factor, turns))
        .collect::<Vec<_>>();
    let mut found = vec![0f64; 2 * size];
    for (i, sum) in found.chunks_exact_mut(2).enumerate() {
        for (k, values) in parts.iter().enumerate() {
            let [cos, sin] = turns[k * i % size * step];
            let (real, imag) = (values[i % part * 2], values[i % part * 2 + 1]);
            sum[0] += real * cos - imag * sin;
            sum[1] += real * sin + imag * cos;
        }
    }
    found
}
