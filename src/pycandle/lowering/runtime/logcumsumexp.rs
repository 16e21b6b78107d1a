use super::map_rows;
use candle_core::{Result, Tensor};

/// Returns the logarithms of the sums of the exponentials of all elements up to each one, along a
/// dim.
pub fn logcumsumexp(xs: &Tensor, dim: usize) -> Result<Tensor> {
    let last = xs.rank() - 1;
    let rows = xs.transpose(dim, last)?.contiguous()?;
    let size = rows.dim(last)?;
    let sums = map_rows(&rows, size, |_, row| {
        let mut sum = f64::NEG_INFINITY;
        for x in row {
            let (low, high) = (sum.min(*x), sum.max(*x));
            sum = match low == high && low.is_infinite() {
                _ if x.is_nan() || sum.is_nan() => f64::NAN,
                true => low,
                false => high + (low - high).exp().ln_1p(),
            };
            *x = sum;
        }
    })?;
    sums.transpose(dim, last)?.contiguous()
}
