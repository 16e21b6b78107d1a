use super::{matrices_of, solved_matrix, square_matrices_of, tensor_like, transposed_matrix};
use candle_core::{Result, Shape, Tensor};

/// Returns x for `a @ x = b`, or for `x @ a = b` where not `left`; leading dims broadcast. With
/// `is_vector` the last dim of `b` is one column. Refuses an `a` that is singular.
pub fn linalg_solve(a: &Tensor, b: &Tensor, left: bool, is_vector: bool) -> Result<Tensor> {
    let columns = if is_vector {
        b.unsqueeze(b.rank())?
    } else {
        b.clone()
    };
    let leading = |xs: &Tensor| Shape::from(&xs.dims()[..xs.rank().max(2) - 2]);
    let batch = leading(a).broadcast_shape_binary_op(&leading(&columns), "linalg_solve")?;
    let whole =
        |xs: &Tensor| xs.broadcast_as([batch.dims(), &xs.dims()[xs.rank().max(2) - 2..]].concat());
    let (matrices, n) = square_matrices_of(&whole(a)?)?;
    let (wanted, rows, width) = matrices_of(&whole(&columns)?)?;
    if n != if left { rows } else { width } {
        candle_core::bail!("linalg_solve: {n} x {n} beside {rows} x {width}")
    }
    let mut found = vec![];
    for (a, b) in matrices.iter().zip(&wanted) {
        found.extend(match left {
            true => solved_matrix(a, b, n, width)?,
            false => {
                let (a, b) = (transposed_matrix(a, n, n), transposed_matrix(b, rows, n));
                transposed_matrix(&solved_matrix(&a, &b, n, rows)?, n, rows)
            }
        });
    }
    let shape = match is_vector {
        true => [batch.dims(), &[rows]].concat(),
        false => [batch.dims(), &[rows, width]].concat(),
    };
    tensor_like(found, shape, b)
}
