use super::diagonal;
use candle_core::{Result, Tensor};

/// Returns `xs` with the diagonals of the matrices that two dims make exchanged for `src`, whose
/// last dim they are.
pub fn diagonal_scatter(
    xs: &Tensor,
    src: &Tensor,
    offset: i64,
    dim1: usize,
    dim2: usize,
) -> Result<Tensor> {
    let count = xs.elem_count() as i64;
    let places = Tensor::arange(0, count, xs.device())?.reshape(xs.shape())?;
    let places = diagonal(&places, offset, dim1, dim2)?.flatten_all()?;
    if places.elem_count() == 0 {
        return Ok(xs.clone());
    }
    let (row, src) = (
        xs.flatten_all()?.contiguous()?,
        src.flatten_all()?.contiguous()?,
    );
    row.scatter(&places, &src, 0)?.reshape(xs.shape())
}
