use candle_core::{Result, Tensor};

/// Returns matrices of zeros, in the dims `dim1` and `dim2` of the result, with the last dim of `xs`
/// as a diagonal: `offset` above the main one, or below if negative.
pub fn diag_embed(xs: &Tensor, offset: i64, dim1: usize, dim2: usize) -> Result<Tensor> {
    let last = xs.rank() - 1;
    let (below, above) = (
        offset.min(0).unsigned_abs() as usize,
        offset.max(0) as usize,
    );
    let size = xs.dim(last)? + below + above;
    let padded = xs.pad_with_zeros(last, below, above)?;
    let places = Tensor::arange(0i64, size as i64, xs.device())?;
    let columns = (places.unsqueeze(1)? + offset as f64)?;
    let mut shape = padded.dims().to_vec();
    shape.push(size);
    let is_on = columns.broadcast_eq(&places.unsqueeze(0)?)?;
    let values = padded.unsqueeze(last + 1)?.broadcast_as(shape.as_slice())?;
    let found = is_on
        .broadcast_as(shape.as_slice())?
        .where_cond(&values, &values.zeros_like()?)?;
    let mut order: Vec<_> = (0..last).collect();
    let (first, second) = (dim1.min(dim2), dim1.max(dim2));
    let (row, column) = if dim1 < dim2 {
        (last, last + 1)
    } else {
        (last + 1, last)
    };
    order.insert(first, row);
    order.insert(second, column);
    found.permute(order)?.contiguous()
}
