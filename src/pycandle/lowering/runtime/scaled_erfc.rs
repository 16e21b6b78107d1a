/// Returns `exp(x^2) erfc(x)`: from 1 on Laplace's continued fraction, below by the product.
pub fn scaled_erfc(x: f64) -> f64 {
    if x < 1. {
        return (x * x).exp() * candle_core::cpu::erf::erfc_f64(x);
    }
    if x.is_infinite() {
        return 0.;
    }
    let terms = (200. / (x * x)) as u32 + 20;
    let rest = (1..=terms).rev().fold(x, |y, k| x + f64::from(k) / 2. / y);
    1. / (std::f64::consts::PI.sqrt() * rest)
}
