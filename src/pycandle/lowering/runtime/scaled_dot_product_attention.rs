use candle_core::{DType, Device, Result, Tensor, D};

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
    let key = key.t()?.contiguous()?;
    let (s, t) = (query.dim(D::Minus2)?, key.dim(D::Minus1)?);
    let heads = query.elem_count() / (s * query.dim(D::Minus1)?).max(1);
    // All queries at once, unless their scores took more memory than a model should.
    let most = (MOST_SCORES / (heads * t).max(1)).max(1);
    let mut found = vec![];
    for first in (0..s.max(1)).step_by(most) {
        let rows = most.min(s - first);
        let mask = match mask {
            Some(mask) if rows < s && mask.rank() > 1 && mask.dim(D::Minus2)? == s => {
                Some(mask.narrow(D::Minus2, first, rows)?)
            }
            mask => mask.cloned(),
        };
        let causal = match is_causal {
            true => Some(seen_keys(first, rows, t, query.device())?),
            false => None,
        };
        let query = query.narrow(D::Minus2, first, rows)?;
        let probs = probabilities(&query, &key, mask.as_ref(), causal.as_ref())?;
        found.push(probs.to_dtype(dtype)?.matmul(&value)?);
    }
    match found.len() {
        1 => Ok(found.remove(0)),
        _ => Tensor::cat(&found, D::Minus2),
    }
}

/// How many are computed at once: a quarter of a gigabyte in 32 bits.
const MOST_SCORES: usize = 1 << 26;

/// Returns for queries from `first` on which keys each may see: those up to itself.
fn seen_keys(first: usize, rows: usize, t: usize, device: &Device) -> Result<Tensor> {
    let query = Tensor::arange(first as u32, (first + rows) as u32, device)?.unsqueeze(1)?;
    let key = Tensor::arange(0, t as u32, device)?.unsqueeze(0)?;
    key.broadcast_le(&query)
}

/// Returns how much of each key the queries take.
fn probabilities(
    query: &Tensor,
    key: &Tensor,
    mask: Option<&Tensor>,
    causal: Option<&Tensor>,
) -> Result<Tensor> {
    let mut scores = query.contiguous()?.matmul(key)?;
    if matches!(scores.dtype(), DType::F16 | DType::BF16) {
        scores = scores.to_dtype(DType::F32)?;
    }
    for mask in [mask, causal].into_iter().flatten() {
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
    let probs = candle_nn::ops::softmax_last_dim(&scores)?;
    if mask.is_none() {
        return Ok(probs);
    }
    let sees = scores.max_keepdim(D::Minus1)?.ne(f64::NEG_INFINITY)?;
    sees.broadcast_as(probs.shape())?
        .where_cond(&probs, &probs.zeros_like()?)
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
