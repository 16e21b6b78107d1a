/// Returns the Hurwitz zeta function, the sum of `(q + i)^-x` over all `i`: nine terms and more of
/// it, and the formula of Euler and Maclaurin for the rest.
pub fn zeta(x: f64, q: f64) -> f64 {
    if x == 1. {
        return f64::INFINITY;
    }
    if x < 1. || x.is_nan() || q.is_nan() {
        return f64::NAN;
    }
    if q <= 0. && q == q.floor() {
        return f64::INFINITY;
    }
    if q <= 0. && x != x.floor() {
        return f64::NAN;
    }
    let (mut sum, mut base, mut count) = (q.powf(-x), q, 0);
    let mut term = 0.;
    while count < 9 || base <= 9. {
        count += 1;
        base += 1.;
        term = base.powf(-x);
        sum += term;
        if term.abs() < f64::EPSILON / 2. * sum.abs() {
            return sum;
        }
    }
    sum += term * base / (x - 1.) - term / 2.;
    // (2n)! / B(2n)
    let divisors = [
        12.,
        -720.,
        30_240.,
        -1_209_600.,
        47_900_160.,
        -1.307_674_368e12 / 691.,
        7.472_424_96e10,
        -1.067_062_284_288e16 / 3_617.,
    ];
    let (mut factor, mut k) = (1., 0.);
    for divisor in divisors {
        factor *= x + k;
        term /= base;
        sum += factor * term / divisor;
        factor *= x + k + 1.;
        term /= base;
        k += 2.;
    }
    sum
}
