use super::scaled_dot_product_attention;
use candle_core::{Result, Shape, Tensor, D};

/// Returns scaled dot product attention over leading dims that broadcast, of any rank.
///
/// `query` is (.., s, d), `key` (.., t, d), `value` (.., t, e), and a mask broadcasts to (.., s, t).
pub fn broadcast_attention(
    query: &Tensor,
    key: &Tensor,
    value: &Tensor,
    mask: Option<&Tensor>,
    is_causal: bool,
    scale: Option<f64>,
) -> Result<Tensor> {
    let leading = |xs: &Tensor| Shape::from(&xs.dims()[..xs.rank().max(2) - 2]);
    let mut batch = leading(query);
    for xs in [key, value] {
        batch = batch.broadcast_shape_binary_op(&leading(xs), "scaled_dot_product_attention")?;
    }
    let count = batch.elem_count();
    let flat = |xs: &Tensor, rows: usize, columns: usize| -> Result<Tensor> {
        let dims = [batch.dims(), &[rows, columns]].concat();
        xs.broadcast_as(dims)?
            .contiguous()?
            .reshape((count, rows, columns))
    };
    let matrices = |xs: &Tensor| flat(xs, xs.dim(D::Minus2)?, xs.dim(D::Minus1)?);
    let (s, t) = (query.dim(D::Minus2)?, key.dim(D::Minus2)?);
    let mask = match mask {
        Some(mask) => Some(flat(mask, s, t)?),
        None => None,
    };
    let (query, key, value) = (matrices(query)?, matrices(key)?, matrices(value)?);
    let found =
        scaled_dot_product_attention(&query, &key, &value, mask.as_ref(), is_causal, scale)?;
    found.reshape([batch.dims(), &[s, value.dim(2)?]].concat())
}
