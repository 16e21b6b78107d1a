//! What Candle lacks and this model needs.

use candle_core::{bail, CpuStorage, DType, Module, Result, Shape, Storage, Tensor, WithDType, D};
use candle_nn::VarBuilder;
use std::ops::Range;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

/// Divides by the root of the mean square over the last `dims` dims, then scales.
pub(super) fn functional_rms_norm(
    xs: &Tensor,
    dims: usize,
    weight: Option<&Tensor>,
    eps: f64,
) -> Result<Tensor> {
    if !xs.device().is_cpu() {
        return rms_normalized_by_ops(xs, dims, weight, eps);
    }
    let size = xs.dims()[xs.rank() - dims..].iter().product();
    let weight = numbers_of(weight, size)?;
    map_rows(xs, size, |_, row| {
        // In eight lanes, which one instruction can add.
        let mut lanes = [0f64; 8];
        for chunk in row.chunks(8) {
            lanes
                .iter_mut()
                .zip(chunk)
                .for_each(|(sum, x)| *sum += x * x);
        }
        let square = lanes.iter().sum::<f64>() / size as f64;
        let scale = 1. / (square + eps).sqrt();
        row.iter_mut().for_each(|x| *x *= scale);
        if let Some(weight) = &weight {
            row.iter_mut()
                .zip(weight)
                .for_each(|(x, weight)| *x *= weight);
        }
    })
}

/// On other devices than the CPU.
fn rms_normalized_by_ops(
    xs: &Tensor,
    dims: usize,
    weight: Option<&Tensor>,
    eps: f64,
) -> Result<Tensor> {
    let dtype = xs.dtype();
    let wide = match dtype {
        DType::F16 | DType::BF16 => DType::F32,
        dtype => dtype,
    };
    let ys = xs.to_dtype(wide)?.flatten_from(xs.rank() - dims)?;
    let size = ys.dim(D::Minus1)? as f64;
    let square = (ys.sqr()?.sum_keepdim(D::Minus1)? / size)?;
    let ys = ys.broadcast_div(&(square + eps)?.sqrt()?)?;
    let mut ys = ys.reshape(xs.shape())?;
    if let Some(weight) = weight {
        ys = ys.broadcast_mul(&weight.to_dtype(wide)?)?;
    }
    ys.to_dtype(dtype)
}

/// Divides the last dim by the root of its mean square in `f32`, rounds, then scales.
pub(super) fn functional_rounded_rms_norm(
    xs: &Tensor,
    weight: &Tensor,
    eps: f64,
) -> Result<Tensor> {
    functional_rms_norm(&xs.to_dtype(DType::F32)?, 1, None, eps)?
        .to_dtype(xs.dtype())?
        .broadcast_mul(weight)
}

/// Returns a tensor of floats on the CPU in which each row of `size` elements is what `f` makes of
/// it: `f` takes the row's index, and the row in `f64`. Copies `xs` first if it is not contiguous.
pub(super) fn map_rows(
    xs: &Tensor,
    size: usize,
    f: impl Fn(usize, &mut [f64]) + Sync,
) -> Result<Tensor> {
    let xs = xs.contiguous()?;
    let (storage, layout) = xs.storage_and_layout();
    let (Storage::Cpu(storage), Some((a, b))) = (&*storage, layout.contiguous_offsets()) else {
        bail!("rows can be read on the CPU alone")
    };
    match storage {
        CpuStorage::F64(src) => mapped_rows(&xs, &src[a..b], size, |x| x, f),
        CpuStorage::F32(src) => mapped_rows(&xs, &src[a..b], size, f64::from, f),
        CpuStorage::F16(src) => mapped_rows(&xs, &src[a..b], size, |x| x.to_f32().into(), f),
        CpuStorage::BF16(src) => mapped_rows(&xs, &src[a..b], size, |x| x.to_f32().into(), f),
        _ => bail!("rows of {:?} are no floats", xs.dtype()),
    }
}

fn mapped_rows<T: WithDType>(
    xs: &Tensor,
    src: &[T],
    size: usize,
    widen: impl Fn(T) -> f64 + Sync,
    f: impl Fn(usize, &mut [f64]) + Sync,
) -> Result<Tensor> {
    let mut dst = vec![T::from_f64(0.); src.len()];
    // As Candle's own loops: 16 K elements a turn, and one thread for less than 64 K.
    let rows = (16 * 1024 / size.max(1)).max(1);
    let turns: Vec<_> = dst.chunks_mut(rows * size.max(1)).map(Mutex::new).collect();
    let work = |range: Range<usize>| {
        let mut wide = vec![0f64; size];
        for turn in range {
            let mut dst = turns[turn].lock().unwrap_or_else(PoisonError::into_inner);
            let src = src[turn * rows * size..].chunks_exact(size);
            for (i, (dst, src)) in dst.chunks_exact_mut(size).zip(src).enumerate() {
                wide.iter_mut().zip(src).for_each(|(y, x)| *y = widen(*x));
                f(turn * rows + i, &mut wide);
                dst.iter_mut()
                    .zip(&wide)
                    .for_each(|(y, x)| *y = T::from_f64(*x));
            }
        }
    };
    if src.len() < 64 * 1024 {
        work(0..turns.len());
    } else {
        candle_core::utils::barrier_pool().execute_chunked(turns.len(), work);
    }
    drop(turns);
    Tensor::from_vec(dst, xs.dims(), xs.device())
}

/// Returns the elements of an optional tensor of floats, of which there have to be `count`.
pub(super) fn numbers_of(xs: Option<&Tensor>, count: usize) -> Result<Option<Vec<f64>>> {
    let Some(xs) = xs else { return Ok(None) };
    if xs.elem_count() != count {
        bail!(
            "{count} elements are scaled or shifted by {}",
            xs.elem_count()
        )
    }
    let xs = xs.flatten_all()?;
    if xs.dtype() == DType::F64 {
        return xs.to_vec1::<f64>().map(Some);
    }
    let xs = xs.to_dtype(DType::F32)?.to_vec1::<f32>()?;
    Ok(Some(xs.into_iter().map(f64::from).collect()))
}

/// Returns a buffer or constant in the dtype that it was recorded in.
pub(super) fn recorded_state(
    vb: &VarBuilder,
    shape: impl Into<Shape>,
    name: &str,
    dtype: DType,
) -> Result<Tensor> {
    if !vb.contains_tensor(name) {
        let prefix = vb.prefix();
        bail!("`{prefix}.{name}` is not in the weights; `pycandle extract` writes it there")
    }
    vb.get_with_hints_dtype(shape, name, Default::default(), dtype)
}

/// Normalizes and scales the last dim, as `candle_nn::RmsNorm` does.
///
/// That adds up the squares of a row one by one in `f32`, which drifts for long rows.
#[derive(Debug, Clone)]
pub(super) struct RmsNorm {
    pub(super) weight: Tensor,
    pub(super) eps: f64,
    /// What it computes of the input, `weight` and `eps`: where it rounds and how it scales.
    pub(super) function: fn(&Tensor, &Tensor, f64) -> Result<Tensor>,
}

impl Module for RmsNorm {
    fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        (self.function)(xs, &self.weight, self.eps)
    }
}

/// Reads `weight` of a normalization over `size` elements, which scales before it rounds.
pub(super) fn rms_norm(size: usize, eps: f64, vb: VarBuilder) -> Result<RmsNorm> {
    Ok(RmsNorm {
        weight: vb.get(size, "weight")?,
        eps,
        function: |xs, weight, eps| {
            if xs.device().is_cpu() {
                return functional_rms_norm(xs, 1, Some(weight), eps);
            }
            candle_nn::ops::rms_norm(&xs.contiguous()?, weight, eps as f32)
        },
    })
}

/// Reads `weight` of a normalization over `size` elements in `f32`, which rounds to the input's
/// dtype before it scales.
pub(super) fn rounded_rms_norm(size: usize, eps: f64, vb: VarBuilder) -> Result<RmsNorm> {
    Ok(RmsNorm {
        function: functional_rounded_rms_norm,
        ..rms_norm(size, eps, vb)?
    })
}

/// Returns `softmax(query @ key.t() * scale + mask) @ value`.
///
/// `query` is (.., h, s, d), `key` (.., h', t, d) and `value` (.., h', t, e), where h' divides h and
/// each head of `key` serves h / h' neighbouring ones. A mask of floats is added to the scores; one
/// of `u8` says which keys a query sees. With `is_causal`, query i sees the keys up to i. A query
/// that sees none gets zeros. Without a scale it is `1 / sqrt(d)`.
pub(super) fn scaled_dot_product_attention(
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

/// The settings in a JSON object: the text of each value by its path, names joined by dots.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    values: Vec<(String, String)>,
}

/// Reads JSON. Only objects are looked into; any other value keeps its text.
pub(super) fn settings(text: &str) -> Result<Settings> {
    let mut reader = SettingsReader {
        text,
        position: 0,
        depth: 0,
    };
    let mut values = Vec::new();
    reader.value("", &mut values)?;
    reader.space();
    if reader.position < text.len() {
        return reader.refuse("the end");
    }
    if !text.trim_start().starts_with('{') {
        bail!("config.json: expected an object")
    }
    Ok(Settings { values })
}

impl Settings {
    /// Returns the text of the first of some paths that is there, and not null.
    fn get(&self, paths: &[&str]) -> Option<&str> {
        paths.iter().find_map(|path| {
            let mut found = self.values.iter().filter(|(name, _)| name == path);
            found
                .next_back()
                .map(|(_, value)| value.as_str())
                .filter(|value| *value != "null")
        })
    }

    /// Returns a number under one of its names, or what holds where it is left out.
    pub fn number<T: FromStr>(&self, paths: &[&str], or: Option<T>) -> Result<T> {
        match (self.get(paths), or) {
            (None, Some(value)) => Ok(value),
            (None, None) => bail!("config.json: `{}` is left out", paths[0]),
            (Some(text), _) => match text.parse() {
                Ok(value) => Ok(value),
                Err(_) => bail!(
                    "config.json: `{}` is {text}, and must be of type {}",
                    paths[0],
                    std::any::type_name::<T>()
                ),
            },
        }
    }

    /// Refuses a list with any item but the one that the code was generated for.
    ///
    /// `or_none`: whether the setting may be left out.
    #[allow(dead_code)] // Not every model has a setting with an item for each layer.
    pub fn require_each(&self, paths: &[&str], wanted: &str, or_none: bool) -> Result<()> {
        let Some(path) = paths.iter().find(|path| self.get(&[**path]).is_some()) else {
            return self.require(paths, wanted, or_none);
        };
        if self
            .get(&[*path])
            .is_some_and(|text| !text.starts_with('['))
        {
            bail!("config.json: `{path}` must be a list")
        }
        let mut index = 0;
        while self.get(&[&format!("{path}.{index}")]).is_some() {
            self.require(&[&format!("{path}.{index}")], wanted, false)?;
            index += 1;
        }
        Ok(())
    }

    /// Refuses any value but the one that the code was generated for.
    ///
    /// `or_none`: whether the setting may be left out.
    #[allow(dead_code)] // Not every model has a setting that is required.
    pub fn require(&self, paths: &[&str], wanted: &str, or_none: bool) -> Result<()> {
        let found = match self.get(paths) {
            None if or_none || wanted == "null" => return Ok(()),
            None => "left out",
            Some(text) => text,
        };
        let same_number = match (found.parse::<f64>(), wanted.parse::<f64>()) {
            (Ok(one), Ok(other)) => one == other,
            _ => false,
        };
        if found != wanted && !same_number {
            bail!(
                "config.json: `{}` is {found}, but this code was generated for {wanted}; \
                 record the model again with this configuration",
                paths[0]
            )
        }
        Ok(())
    }
}

/// A position in the text of a JSON file.
struct SettingsReader<'a> {
    text: &'a str,
    position: usize,
    depth: usize,
}

impl SettingsReader<'_> {
    fn space(&mut self) {
        let rest = &self.text[self.position..];
        self.position += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn refuse<T>(&self, wanted: &str) -> Result<T> {
        bail!("config.json: expected {wanted} at byte {}", self.position)
    }

    fn accept(&mut self, mark: char) -> bool {
        self.space();
        let found = self.text[self.position..].starts_with(mark);
        self.position += if found { mark.len_utf8() } else { 0 };
        found
    }

    /// Reads a value, and keeps its text without the spaces between its parts.
    fn value(&mut self, path: &str, values: &mut Vec<(String, String)>) -> Result<String> {
        self.depth += 1;
        if self.depth > 64 {
            bail!("config.json: it nests deeper than 64")
        }
        self.space();
        let text = match self.text[self.position..].chars().next() {
            Some('{') => self.object(path, values)?,
            Some('[') => self.list(path, values)?,
            Some('"') => self.string()?,
            _ => self.word()?,
        };
        self.depth -= 1;
        Ok(text)
    }

    fn object(&mut self, path: &str, values: &mut Vec<(String, String)>) -> Result<String> {
        self.accept('{');
        let mut first = true;
        while !self.accept('}') {
            if !first && !self.accept(',') {
                return self.refuse("`,` or `}`");
            }
            first = false;
            self.space();
            let name = self.string()?;
            let name = name.trim_matches('"');
            let inside = if path.is_empty() {
                name.to_string()
            } else {
                format!("{path}.{name}")
            };
            if !self.accept(':') {
                return self.refuse("`:`");
            }
            let value = self.value(&inside, values)?;
            values.push((inside, value));
        }
        Ok("{..}".to_string())
    }

    fn list(&mut self, path: &str, values: &mut Vec<(String, String)>) -> Result<String> {
        self.accept('[');
        let mut items = Vec::new();
        while !self.accept(']') {
            if !items.is_empty() && !self.accept(',') {
                return self.refuse("`,` or `]`");
            }
            let inside = format!("{path}.{}", items.len());
            let item = self.value(&inside, values)?;
            values.push((inside, item.clone()));
            items.push(item);
        }
        Ok(format!("[{}]", items.join(", ")))
    }

    fn string(&mut self) -> Result<String> {
        let rest = &self.text[self.position..];
        let mut escaped = false;
        for (index, character) in rest.char_indices() {
            if index == 0 {
                if character != '"' {
                    return self.refuse("a string");
                }
            } else if character == '"' && !escaped {
                self.position += index + 1;
                return Ok(rest[..=index].to_string());
            }
            escaped = character == '\\' && !escaped;
        }
        self.refuse("the end of a string")
    }

    fn word(&mut self) -> Result<String> {
        let rest = &self.text[self.position..];
        let end = rest
            .find([',', '}', ']', ' ', '\t', '\n', '\r'])
            .unwrap_or(rest.len());
        let word = &rest[..end];
        let is_value = matches!(
            word,
            "true" | "false" | "null" | "NaN" | "Infinity" | "-Infinity"
        );
        if !is_value && (word.is_empty() || word.parse::<f64>().is_err()) {
            return self.refuse("a value");
        }
        self.position += end;
        Ok(word.to_string())
    }
}

/// Returns matrices with zeros but on and below a diagonal: the main one, or one `diagonal` to its
/// right.
pub(super) fn tril(xs: &Tensor, diagonal: i64) -> Result<Tensor> {
    let rank = xs.rank();
    if rank < 2 {
        candle_core::bail!("tril: a tensor of rank {rank}, not of matrices")
    }
    let (rows, columns) = (xs.dim(rank - 2)? as i64, xs.dim(rank - 1)? as i64);
    let last = Tensor::arange(diagonal, rows + diagonal, xs.device())?.unsqueeze(1)?;
    let column = Tensor::arange(0, columns, xs.device())?.unsqueeze(0)?;
    let kept = column.broadcast_le(&last)?.broadcast_as(xs.shape())?;
    kept.where_cond(xs, &xs.zeros_like()?)
}
