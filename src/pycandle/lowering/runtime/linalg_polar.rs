use super::{linalg_svd, spectral_sum};
use super::{matrices_of, tensor_of_matrices};
use candle_core::{bail, DType, Result, Tensor};

/// Returns matrices with orthonormal columns and symmetric ones without negative eigenvalues, whose
/// product is each matrix, which has at least as many rows as columns.
pub fn linalg_polar(xs: &Tensor) -> Result<(Tensor, Tensor)> {
    let (rank, wide) = (xs.rank(), xs.to_dtype(DType::F64)?);
    let (rows, columns) = (xs.dim(rank - 2)?, xs.dim(rank - 1)?);
    if rows < columns {
        bail!("linalg_polar: {rows} x {columns} matrices have more columns than rows")
    }
    let (u, values, vh) = linalg_svd(&wide, false)?;
    let (directions, _, _) = matrices_of(&vh)?;
    let (weights, _, _) = matrices_of(&values.unsqueeze(rank - 2)?)?;
    let stretch = |(weights, rows): (&Vec<f64>, &Vec<f64>)| {
        let rows = rows.chunks_exact(columns.max(1)).map(<[f64]>::to_vec);
        spectral_sum(weights.iter().copied(), &rows.collect::<Vec<_>>(), columns)
    };
    let symmetric = weights.iter().zip(&directions).map(stretch).collect();
    let unitary = match xs.elem_count() {
        0 => u,
        _ => u.matmul(&vh)?,
    };
    Ok((
        unitary.to_dtype(xs.dtype())?,
        tensor_of_matrices(symmetric, columns, columns, xs)?,
    ))
}
