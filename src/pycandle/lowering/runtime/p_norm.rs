/// Returns the p-norm of numbers: how many are not 0 for a `p` of 0, the largest for infinity, and
/// the smallest for its negative.
pub fn p_norm(values: impl Iterator<Item = f64>, p: f64) -> f64 {
    let sizes = values.map(f64::abs);
    if p == 0. {
        let count = |sum: f64, x: f64| sum + if x == 0. { 0. } else { 1. };
        sizes.fold(0., count)
    } else if p == 1. {
        sizes.sum()
    } else if p == 2. {
        sizes.map(|x| x * x).sum::<f64>().sqrt()
    } else if p == f64::INFINITY {
        sizes.fold(0., |most, x| if x > most || x.is_nan() { x } else { most })
    } else if p == f64::NEG_INFINITY {
        let less = |least: f64, x: f64| if x < least || x.is_nan() { x } else { least };
        sizes.fold(f64::INFINITY, less)
    } else {
        sizes.map(|x| x.powf(p)).sum::<f64>().powf(1. / p)
    }
}
