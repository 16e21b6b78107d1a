use super::{linalg_svdvals, linalg_vector_norm};
use candle_core::{bail, DType, Result, Tensor};

/// Returns the norm of the matrices in two dims: `fro` by their elements, `nuc`, `2` and `-2` by
/// their singular values, `1`, `-1`, `inf` and `-inf` by the sums of columns and rows.
pub fn matrix_norm(xs: &Tensor, ord: &str, dims: [usize; 2], keepdim: bool) -> Result<Tensor> {
    let rest = (0..xs.rank())
        .filter(|dim| !dims.contains(dim))
        .collect::<Vec<_>>();
    let batch = rest.len();
    let matrices = xs
        .permute([rest.as_slice(), &dims].concat())?
        .to_dtype(DType::F64)?;
    let most = |xs: Tensor, ord: f64| linalg_vector_norm(&xs, ord, &[batch], false);
    let sums = |dim: usize| matrices.abs()?.sum(batch + dim);
    let found = match ord {
        "fro" => linalg_vector_norm(&matrices, 2., &[batch, batch + 1], false)?,
        "nuc" => linalg_svdvals(&matrices)?.sum(batch)?,
        "2" => most(linalg_svdvals(&matrices)?, f64::INFINITY)?,
        "-2" => most(linalg_svdvals(&matrices)?, f64::NEG_INFINITY)?,
        "1" => most(sums(0)?, f64::INFINITY)?,
        "-1" => most(sums(0)?, f64::NEG_INFINITY)?,
        "inf" => most(sums(1)?, f64::INFINITY)?,
        "-inf" => most(sums(1)?, f64::NEG_INFINITY)?,
        _ => bail!("matrix_norm: no norm `{ord}`"),
    };
    let found = found.to_dtype(xs.dtype())?;
    if !keepdim {
        return Ok(found);
    }
    let kept = xs.dims().iter().enumerate();
    let kept = kept.map(|(dim, size)| if dims.contains(&dim) { 1 } else { *size });
    found.reshape(kept.collect::<Vec<_>>())
}
