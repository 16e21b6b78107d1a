use std::f64::consts::PI;

/// Returns the Bessel functions of the first and of the second kind, of order 0 or 1, of a number
/// above 0.
///
/// Below 30 the first is the mean of `cos(order t - x sin t)` over a turn, which 160 points give
/// exactly, and the second is Neumann's sum over those of higher orders. From 30 on
/// both are Hankel's asymptote.
pub fn bessel_j(order: u32, x: f64) -> (f64, f64) {
    if !x.is_finite() {
        // As PyTorch has it: the sine of infinity is no number.
        return (f64::NAN, f64::NAN);
    }
    if x >= 30. {
        return hankel(f64::from(order), x);
    }
    let first = |order: u32| -> f64 {
        let points = (0..160).map(|i| {
            let t = 2. * PI * f64::from(i) / 160.;
            (f64::from(order) * t - x * t.sin()).cos()
        });
        points.sum::<f64>() / 160.
    };
    let log = 2. / PI * ((x / 2.).ln() + 0.577_215_664_901_532_9);
    let sum = |term: &dyn Fn(u32) -> f64| -> f64 {
        let terms = (1..=34u32).rev().map(|k| {
            let sign = if k % 2 == 0 { 2. } else { -2. };
            sign / (PI * f64::from(k)) * term(k)
        });
        terms.sum()
    };
    let found = first(order);
    let second = match order {
        0 => log * found - sum(&|k| 2. * first(2 * k)),
        _ => {
            let slopes = sum(&|k| first(2 * k - 1) - first(2 * k + 1));
            log * found - 2. / (PI * x) * first(0) + slopes
        }
    };
    (found, second)
}

fn hankel(order: f64, x: f64) -> (f64, f64) {
    let (mut term, mut p, mut q) = (1., 1., 0.);
    for k in 1..24 {
        let odd = f64::from(2 * k - 1);
        term *= (4. * order * order - odd * odd) / (8. * x * f64::from(k));
        match k % 4 {
            1 => q += term,
            2 => p -= term,
            3 => q -= term,
            _ => p += term,
        }
    }
    let (sin, cos) = (x - (order / 2. + 0.25) * PI).sin_cos();
    let scale = (2. / (PI * x)).sqrt();
    (scale * (p * cos - q * sin), scale * (p * sin + q * cos))
}
