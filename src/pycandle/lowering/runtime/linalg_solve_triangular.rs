use super::{matrices_of, square_matrices_of, tensor_of_matrices};
use super::{transposed_matrix, triangular_in_place};
use candle_core::{Result, Shape, Tensor};

/// Returns x for `a @ x = b`, or for `x @ a = b` where not `left`, for a triangle of `a`, whose
/// diagonal counts as ones if `unitriangular`; leading dims broadcast.
pub fn linalg_solve_triangular(
    a: &Tensor,
    b: &Tensor,
    upper: bool,
    left: bool,
    unitriangular: bool,
) -> Result<Tensor> {
    let leading = |xs: &Tensor| Shape::from(&xs.dims()[..xs.rank().max(2) - 2]);
    let batch = leading(a).broadcast_shape_binary_op(&leading(b), "linalg_solve_triangular")?;
    let whole =
        |xs: &Tensor| xs.broadcast_as([batch.dims(), &xs.dims()[xs.rank().max(2) - 2..]].concat());
    let (matrices, n) = square_matrices_of(&whole(a)?)?;
    let (wanted, rows, columns) = matrices_of(&whole(b)?)?;
    if n != if left { rows } else { columns } {
        candle_core::bail!("linalg_solve_triangular: {n} x {n} beside {rows} x {columns}")
    }
    let solve = |(a, mut b): (Vec<f64>, Vec<f64>)| match left {
        true => {
            triangular_in_place(&a, &mut b, n, columns, upper, unitriangular);
            b
        }
        false => {
            let (a, mut b) = (transposed_matrix(&a, n, n), transposed_matrix(&b, rows, n));
            triangular_in_place(&a, &mut b, n, rows, !upper, unitriangular);
            transposed_matrix(&b, n, rows)
        }
    };
    let found = matrices.into_iter().zip(wanted).map(solve).collect();
    tensor_of_matrices(found, rows, columns, &whole(b)?)
}
