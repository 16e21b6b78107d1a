/// Returns the modified Bessel function of the first kind of a whole order, times `exp(-|x|)`.
///
/// The series in powers of `x / 2` has positive terms alone; from 40 on, the asymptotic one is as
/// exact.
pub fn bessel_i(order: u32, x: f64) -> f64 {
    let (size, order) = (x.abs(), f64::from(order));
    let found = if size < 40. {
        let (half, mut term, mut sum) = (size / 2., 1., 0.);
        for k in 1..=order as usize {
            term *= half / k as f64;
        }
        let mut k = 1.;
        while term > sum * 1e-17 {
            sum += term;
            term *= half * half / (k * (k + order));
            k += 1.;
        }
        sum * (-size).exp()
    } else {
        let (mut term, mut sum) = (1., 1.);
        for k in 1..30 {
            let odd = f64::from(2 * k - 1);
            term *= (odd * odd - 4. * order * order) / (8. * size * f64::from(k));
            sum += term;
        }
        sum / (2. * std::f64::consts::PI * size).sqrt()
    };
    if x < 0. && order % 2. == 1. {
        -found
    } else {
        found
    }
}
