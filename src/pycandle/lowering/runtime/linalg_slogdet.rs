use super::{lu_in_place, square_matrices_of, tensor_like};
use candle_core::{Result, Tensor};

/// Returns the sign of the determinant and the logarithm of its size: 0 and -inf where it is 0.
pub fn linalg_slogdet(xs: &Tensor) -> Result<(Tensor, Tensor)> {
    let (matrices, n) = square_matrices_of(xs)?;
    let (mut signs, mut logs) = (vec![], vec![]);
    for mut a in matrices {
        let swaps = lu_in_place(&mut a, n, n, true);
        let odd = swaps
            .iter()
            .enumerate()
            .filter(|(i, other)| i != *other)
            .count()
            % 2;
        let pivots = (0..n).map(|i| a[i * n + i]).collect::<Vec<_>>();
        let sign = if odd == 1 { -1. } else { 1. };
        let signs_of = pivots
            .iter()
            .map(|x| if *x == 0. { 0. } else { x.signum() });
        signs.push(signs_of.fold(sign, |sign, x| sign * x));
        logs.push(pivots.iter().map(|x| x.abs().ln()).sum());
    }
    let batch = &xs.dims()[..xs.rank() - 2];
    Ok((
        tensor_like(signs, batch, xs)?,
        tensor_like(logs, batch, xs)?,
    ))
}
