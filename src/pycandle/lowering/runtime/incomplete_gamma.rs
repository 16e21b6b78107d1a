use super::ln_gamma;

/// Returns the parts of the gamma function of `a` below and above `x`, each divided by the whole.
///
/// The lower one is a series, the upper one a continued fraction, each where it converges fast.
pub fn incomplete_gamma(a: f64, x: f64) -> (f64, f64) {
    match (a, x) {
        _ if !(a >= 0. && x >= 0.) || (a == 0. && x == 0.) => return (f64::NAN, f64::NAN),
        _ if a.is_infinite() && x.is_infinite() => return (f64::NAN, f64::NAN),
        _ if a == 0. || x.is_infinite() => return (1., 0.),
        _ if x == 0. || a.is_infinite() => return (0., 1.),
        _ => {}
    }
    let scale = (a * x.ln() - x - ln_gamma(a)).exp();
    if x < a + 1. {
        let (mut term, mut sum, mut n) = (1. / a, 1. / a, a);
        while term > sum * 1e-17 {
            n += 1.;
            term *= x / n;
            sum += term;
        }
        return (scale * sum, 1. - scale * sum);
    }
    let terms = 60 + (20. * a.sqrt()) as u32 + (400. / x) as u32;
    let start = x + 2. * f64::from(terms) + 1. - a;
    let fraction = (1..=terms).rev().fold(start, |y, k| {
        let k = f64::from(k);
        x + 2. * k - 1. - a - k * (k - a) / y
    });
    (1. - scale / fraction, scale / fraction)
}
