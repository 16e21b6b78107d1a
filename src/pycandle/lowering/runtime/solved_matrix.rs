use super::{lu_in_place, triangular_in_place};
use candle_core::{bail, Result};

/// Returns x, (n, columns), for `a @ x = b`. Refuses an `a` that is singular.
pub fn solved_matrix(a: &[f64], b: &[f64], n: usize, columns: usize) -> Result<Vec<f64>> {
    let (mut lu, mut x) = (a.to_vec(), b.to_vec());
    for (i, other) in lu_in_place(&mut lu, n, n, true).into_iter().enumerate() {
        if i != other {
            (0..columns).for_each(|j| x.swap(i * columns + j, other * columns + j));
        }
        if lu[i * n + i] == 0. {
            bail!("linalg: the matrix is singular, its pivot {} is 0", i + 1)
        }
    }
    triangular_in_place(&lu, &mut x, n, columns, false, true);
    triangular_in_place(&lu, &mut x, n, columns, true, false);
    Ok(x)
}
