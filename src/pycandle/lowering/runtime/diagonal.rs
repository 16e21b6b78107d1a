use candle_core::{Result, Tensor};

/// Returns the diagonals of the matrices that two dims make, as a last dim: `offset` of them above
/// the main one, or below if negative.
pub fn diagonal(xs: &Tensor, offset: i64, dim1: usize, dim2: usize) -> Result<Tensor> {
    let rest = (0..xs.rank()).filter(|dim| *dim != dim1 && *dim != dim2);
    let order: Vec<_> = rest.chain([dim1, dim2]).collect();
    let (rows, columns) = (xs.dim(dim1)?, xs.dim(dim2)?);
    let last = xs.rank() - 2;
    let (below, above) = (
        offset.min(0).unsigned_abs() as usize,
        offset.max(0) as usize,
    );
    let count = rows
        .saturating_sub(below)
        .min(columns.saturating_sub(above));
    let flat = xs.permute(order)?.contiguous()?.flatten_from(last)?;
    if count == 0 || flat.elem_count() == 0 {
        let empty = flat.narrow(last, 0, 0)?.contiguous()?;
        return if count == 0 {
            Ok(empty)
        } else {
            empty.pad_with_zeros(last, 0, count)
        };
    }
    let start = below * columns + above;
    let part = flat.narrow(last, start, (count - 1) * (columns + 1) + 1)?;
    let windows = part.unfold(last, 1, columns + 1)?;
    windows.squeeze(last + 1)?.contiguous()
}
