use candle_core::{DType, Result, Tensor};

/// Returns the cosine of the angle of vectors along a dim, each at least `eps` long.
pub fn cosine_similarity(xs: &Tensor, other: &Tensor, dim: usize, eps: f64) -> Result<Tensor> {
    let shape = xs
        .shape()
        .broadcast_shape_binary_op(other.shape(), "cosine_similarity")?;
    let unit = |xs: &Tensor| -> Result<Tensor> {
        let wide = xs.broadcast_as(&shape)?.to_dtype(DType::F64)?;
        let length = wide.sqr()?.sum_keepdim(dim)?.sqrt()?;
        let length = length
            .lt(eps)?
            .where_cond(&(length.zeros_like()? + eps)?, &length)?;
        wide.broadcast_div(&length)
    };
    let cosine = (unit(xs)? * unit(other)?)?.sum(dim)?;
    cosine.to_dtype(xs.dtype())
}
