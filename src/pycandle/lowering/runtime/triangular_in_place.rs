/// Solves `a @ x = b` for a triangle of `a`, (n, n), with x in the place of `b`, (n, columns). With
/// `unit` its diagonal counts as ones.
pub fn triangular_in_place(
    a: &[f64],
    b: &mut [f64],
    n: usize,
    columns: usize,
    upper: bool,
    unit: bool,
) {
    for step in 0..n {
        let i = if upper { n - 1 - step } else { step };
        let known = if upper { i + 1..n } else { 0..i };
        for k in known {
            let factor = a[i * n + k];
            for j in 0..columns {
                b[i * columns + j] -= factor * b[k * columns + j];
            }
        }
        if !unit {
            (0..columns).for_each(|j| b[i * columns + j] /= a[i * n + i]);
        }
    }
}
