use super::map_values;
use candle_core::{Result, Tensor};

/// Returns `sin(x) / x`, which is 1 at 0.
pub fn special_spherical_bessel_j0(xs: &Tensor) -> Result<Tensor> {
    map_values(xs, |x| match x {
        0. => 1.,
        _ if x.is_infinite() => 0.,
        _ => x.sin() / x,
    })
}
