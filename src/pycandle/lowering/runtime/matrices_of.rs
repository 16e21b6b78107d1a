use super::f64_values;
use candle_core::{bail, Result, Tensor};

/// Returns the matrices in the last two dims of a tensor, row by row, with their rows and columns.
pub fn matrices_of(xs: &Tensor) -> Result<(Vec<Vec<f64>>, usize, usize)> {
    let [batch @ .., rows, columns] = xs.dims() else {
        bail!("{:?} holds no matrices", xs.dims())
    };
    let values = f64_values(xs)?;
    let size = rows * columns;
    let matrix = |i: usize| values[i * size..][..size].to_vec();
    let found = (0..batch.iter().product()).map(matrix).collect();
    Ok((found, *rows, *columns))
}
