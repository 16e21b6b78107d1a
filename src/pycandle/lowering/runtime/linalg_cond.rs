use super::{linalg_inv, linalg_svdvals, matrix_norm};
use candle_core::{DType, Result, Tensor};

/// Returns the product of the norms of each matrix and of its inverse; by singular values their
/// ratio.
pub fn linalg_cond(xs: &Tensor, ord: &str) -> Result<Tensor> {
    let (rank, wide) = (xs.rank(), xs.to_dtype(DType::F64)?);
    if ord == "2" || ord == "-2" {
        let values = linalg_svdvals(&wide)?;
        let (first, last) = (0, values.dim(rank - 2)? - 1);
        let (top, bottom) = if ord == "2" {
            (first, last)
        } else {
            (last, first)
        };
        let pick = |at: usize| values.narrow(rank - 2, at, 1)?.squeeze(rank - 2);
        return (pick(top)? / pick(bottom)?)?.to_dtype(xs.dtype());
    }
    let norm = |xs: &Tensor| matrix_norm(xs, ord, [rank - 2, rank - 1], false);
    (norm(&wide)? * norm(&linalg_inv(&wide)?)?)?.to_dtype(xs.dtype())
}
