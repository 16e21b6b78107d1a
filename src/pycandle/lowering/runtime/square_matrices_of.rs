use super::matrices_of;
use candle_core::{bail, Result, Tensor};

/// Returns the square matrices in the last two dims of a tensor, row by row, and their size.
pub fn square_matrices_of(xs: &Tensor) -> Result<(Vec<Vec<f64>>, usize)> {
    let (found, rows, columns) = matrices_of(xs)?;
    if rows != columns {
        bail!("{rows} x {columns} matrices are not square")
    }
    Ok((found, rows))
}
