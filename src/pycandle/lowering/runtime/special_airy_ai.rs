use super::{bessel_k, map_values};
use candle_core::{Result, Tensor};
use std::f64::consts::PI;

/// Returns the Airy function that vanishes at infinity.
pub fn special_airy_ai(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, |x| match x {
        // As PyTorch has it, also where the limit is 0.
        _ if !x.is_finite() => f64::NAN,
        _ if x > 1. => {
            let z = 2. / 3. * x * x.sqrt();
            (x / 3.).sqrt() / PI * bessel_k(1. / 3., z) * (-z).exp()
        }
        _ if x > -7. => airy_series(x),
        _ => airy_asymptote(-x),
    })
}

/// Returns the sum in powers of `x`, whose terms stay below 10^5 down to -7.
fn airy_series(x: f64) -> f64 {
    let cube = x * x * x;
    let (mut even, mut odd) = (0.355_028_053_887_817_2, 0.258_819_403_792_806_8 * x);
    let (mut sum, mut k) = (even - odd, 0.);
    while k < 150. {
        k += 3.;
        even *= cube / (k * (k - 1.));
        odd *= cube / (k * (k + 1.));
        sum += even - odd;
    }
    sum
}

/// Returns the function of `-x`, in descending powers.
fn airy_asymptote(x: f64) -> f64 {
    let z = 2. / 3. * x * x.sqrt();
    let (mut term, mut p, mut q) = (1., 1., 0.);
    for k in 1..15 {
        let k6 = 6. * f64::from(k);
        term *= (k6 - 5.) * (k6 - 3.) * (k6 - 1.) / (216. * f64::from(k) * (k6 / 3. - 1.) * z);
        match k % 4 {
            1 => q += term,
            2 => p -= term,
            3 => q -= term,
            _ => p += term,
        }
    }
    let (sin, cos) = (z - PI / 4.).sin_cos();
    (p * cos + q * sin) / (PI.sqrt() * x.sqrt().sqrt())
}
