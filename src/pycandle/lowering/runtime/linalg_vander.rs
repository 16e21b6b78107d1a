use super::cumprod;
use candle_core::{Result, Tensor};

/// Returns the powers of each element, from 0 to `n - 1`, as a last dim.
pub fn linalg_vander(xs: &Tensor, n: usize) -> Result<Tensor> {
    let last = xs.rank();
    let column = xs.unsqueeze(last)?;
    let mut shape = column.dims().to_vec();
    shape[last] = n;
    let ones = column.ones_like()?;
    let powers = Tensor::cat(&[&ones, &column.broadcast_as(shape)?], last)?;
    cumprod(&powers.narrow(last, 0, n)?, last)
}
