use candle_core::{bail, DType, Device, Result, Tensor};

/// Returns the quantiles `q`, a number or a row of them, along a dim; those of a row are a dim in
/// front. A row with NaN has none but NaN, or is counted without it where `skip_nan`.
pub fn quantile(
    xs: &Tensor,
    q: &Tensor,
    dim: usize,
    keepdim: bool,
    interpolation: &str,
    skip_nan: bool,
) -> Result<Tensor> {
    let (last, size) = (xs.rank() - 1, xs.dim(dim)?);
    let rows = xs.transpose(dim, last)?.contiguous()?;
    let numbers = |x: &Tensor| {
        let x = x.flatten_all()?.to_device(&Device::Cpu)?;
        x.to_dtype(DType::F64)?.to_vec1::<f64>()
    };
    if size == 0 {
        bail!("quantile: no elements along dim {dim} of {:?}", xs.shape())
    }
    let (values, places) = (numbers(&rows)?, numbers(q)?);
    let mut sorted = vec![];
    for row in values.chunks_exact(size) {
        let mut kept: Vec<f64> = row.iter().copied().filter(|x| !x.is_nan()).collect();
        kept.sort_by(f64::total_cmp);
        if kept.len() < size && !skip_nan {
            kept.clear();
        }
        sorted.push(kept);
    }
    let found = places.iter().flat_map(|q| {
        let at = move |row: &Vec<f64>| match row.is_empty() {
            true => Ok(f64::NAN),
            false => between(row, q * (row.len() - 1) as f64, interpolation),
        };
        sorted.iter().map(at)
    });
    let found = found.collect::<Result<Vec<_>>>()?;
    let mut shape = rows.dims().to_vec();
    shape[last] = 1;
    shape.insert(0, places.len());
    let ys = Tensor::from_vec(found, shape, &Device::Cpu)?.transpose(dim + 1, last + 1)?;
    let ys = if keepdim { ys } else { ys.squeeze(dim + 1)? };
    let ys = if q.rank() == 0 { ys.squeeze(0)? } else { ys };
    ys.contiguous()?
        .to_dtype(xs.dtype())?
        .to_device(xs.device())
}

fn between(row: &[f64], place: f64, interpolation: &str) -> Result<f64> {
    let (low, high) = (row[place.floor() as usize], row[place.ceil() as usize]);
    Ok(match interpolation {
        "linear" if low == high => low,
        "linear" => low + (high - low) * place.fract(),
        "lower" => low,
        "higher" => high,
        "midpoint" => low + (high - low) / 2.,
        "nearest" => row[place.round_ties_even() as usize],
        _ => bail!("quantile: no interpolation called `{interpolation}`"),
    })
}
