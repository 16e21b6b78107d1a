use super::{ln_gamma, map_values};
use candle_core::{Result, Tensor};

/// Returns the logarithm of the gamma function of `p` variables.
pub fn mvlgamma(xs: &Tensor, p: usize) -> Result<Tensor> {
    let p = p as f64;
    let constant = p * (p - 1.) / 4. * std::f64::consts::PI.ln();
    map_values(xs, |x| {
        let terms = (0..p as usize).map(|i| ln_gamma(x - i as f64 / 2.));
        constant + terms.sum::<f64>()
    })
}
