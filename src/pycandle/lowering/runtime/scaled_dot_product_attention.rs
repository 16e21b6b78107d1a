use candle_core::{DType, Result, Tensor, D};

/// Returns `softmax(query @ key.t() * scale + mask) @ value`.
///
/// `query` is (.., h, s, d), `key` (.., h', t, d) and `value` (.., h', t, e), where h' divides h and
/// each head of `key` serves h / h' neighbouring ones. A mask of floats is added to the scores; one
/// of `u8` says which keys a query sees. With `is_causal`, query i sees the keys up to i. A query
/// that sees none gets zeros. Without a scale it is `1 / sqrt(d)`.
pub fn scaled_dot_product_attention(
    query: &Tensor,
    key: &Tensor,
    value: &Tensor,
    mask: Option<&Tensor>,
    is_causal: bool,
    scale: Option<f64>,
) -> Result<Tensor> {
    let dtype = query.dtype();
    let scale = scale.unwrap_or(1. / (query.dim(D::Minus1)? as f64).sqrt());
    let query = (query.contiguous()? * scale)?;
    let groups = match query.rank() {
        0..=2 => 1,
        _ => query.dim(D::Minus(3))? / key.dim(D::Minus(3))?.max(1),
    };
    let key = repeat_heads(key, groups)?;
    let value = repeat_heads(value, groups)?;
    let mut scores = query.matmul(&key.t()?.contiguous()?)?;
    if matches!(dtype, DType::F16 | DType::BF16) {
        scores = scores.to_dtype(DType::F32)?;
    }
    let (s, t) = (scores.dim(D::Minus2)?, scores.dim(D::Minus1)?);
    let causal = match is_causal {
        true => {
            let query = Tensor::arange(0, s as u32, scores.device())?.unsqueeze(1)?;
            let key = Tensor::arange(0, t as u32, scores.device())?.unsqueeze(0)?;
            Some(key.broadcast_le(&query)?)
        }
        false => None,
    };
    for mask in [mask, causal.as_ref()].into_iter().flatten() {
        scores = if mask.dtype() == DType::U8 {
            let hidden = Tensor::new(f64::NEG_INFINITY, scores.device())?
                .to_dtype(scores.dtype())?
                .broadcast_as(scores.shape())?;
            mask.broadcast_as(scores.shape())?
                .where_cond(&scores, &hidden)?
        } else {
            scores.broadcast_add(&mask.to_dtype(scores.dtype())?)?
        };
    }
    let mut probs = candle_nn::ops::softmax_last_dim(&scores)?;
    if mask.is_some() {
        let sees = scores.max_keepdim(D::Minus1)?.ne(f64::NEG_INFINITY)?;
        probs = sees
            .broadcast_as(probs.shape())?
            .where_cond(&probs, &probs.zeros_like()?)?;
    }
    probs.to_dtype(dtype)?.matmul(&value)
}

/// (.., h', t, d) to (.., h' * groups, t, d), contiguous.
fn repeat_heads(xs: &Tensor, groups: usize) -> Result<Tensor> {
    if groups == 1 {
        return xs.contiguous();
    }
    let mut dims = xs.dims().to_vec();
    let head = dims.len() - 3;
    dims.insert(head + 1, groups);
    xs.unsqueeze(head + 1)?
        .broadcast_as(dims)?
        .flatten(head, head + 1)
}
