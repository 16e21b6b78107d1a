use super::map_values;
use candle_core::{Result, Tensor};

/// Returns numbers rounded to decimals, or to powers of 10 if negative, ties to the even number.
pub fn round_decimals(xs: &Tensor, decimals: i32) -> Result<Tensor> {
    let power = 10f64.powi(decimals.abs());
    map_values(xs, |x| match decimals < 0 {
        true => (x / power).round_ties_even() * power,
        false => (x * power).round_ties_even() / power,
    })
}
