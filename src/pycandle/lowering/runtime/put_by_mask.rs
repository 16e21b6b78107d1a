use super::masked_scatter;
use candle_core::{Result, Tensor};

/// Returns `xs` with a row of `rows` at each place of its first dims where `mask` is not zero.
///
/// There are as many rows as places, or one for all of them.
pub fn put_by_mask(xs: &Tensor, mask: &Tensor, rows: &Tensor) -> Result<Tensor> {
    let held = mask.flatten_all()?.to_vec1::<u8>()?;
    let count = held.iter().filter(|held| **held != 0).count();
    let behind = &xs.dims()[mask.rank()..];
    let rows = rows.broadcast_as([&[count], behind].concat())?;
    let over = [mask.dims(), vec![1; behind.len()].as_slice()].concat();
    masked_scatter(xs, &mask.reshape(over)?, &rows)
}
