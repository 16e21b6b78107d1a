/// Returns the polynomial of degree `n` of a family: 1, `first`, and each further one by `step` of
/// its degree less 1, the last one and the one before. Degrees are cut to whole numbers, and
/// no polynomial has one below 0: 0.
pub fn recurrence(n: f64, first: f64, step: impl Fn(f64, f64, f64) -> f64) -> f64 {
    match n as i64 {
        _ if n <= -1. || !n.is_finite() => 0.,
        0 => 1.,
        n => {
            let (mut before, mut last) = (1., first);
            for k in 1..n {
                (before, last) = (last, step(k as f64, last, before));
                if last.is_nan() {
                    break;
                }
            }
            last
        }
    }
}
