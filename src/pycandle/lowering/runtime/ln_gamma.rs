/// Returns the logarithm of the absolute value of the gamma function: Lanczos' approximation with
/// nine terms, reflected below 1/2. Infinite at 0 and the negative integers.
pub fn ln_gamma(x: f64) -> f64 {
    use std::f64::consts::PI;
    const TERMS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x == 1. || x == 2. {
        return 0.;
    }
    if x.is_infinite() {
        return f64::INFINITY;
    }
    if x <= 0. && x == x.floor() {
        return f64::INFINITY;
    }
    if x < 0.5 {
        // The sine of a number of the same fraction, which is near 0, is the more exact one.
        let fraction = x - (x / 2.).round() * 2.;
        return (PI / (PI * fraction).sin().abs()).ln() - ln_gamma(1. - x);
    }
    let terms = TERMS.iter().zip(0u8..);
    let sum = terms.fold(0.999_999_999_999_809_9, |sum, (term, i)| {
        sum + term / (x + f64::from(i))
    });
    let t = x + 6.5;
    (2. * PI).sqrt().ln() + (x - 0.5) * t.ln() - t + sum.ln()
}
