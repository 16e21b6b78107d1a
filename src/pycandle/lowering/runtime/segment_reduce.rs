use candle_core::{bail, DType, Device, Result, Tensor};

/// Returns the sums, means, products or extremes of segments of floats along a dim, of which
/// `lengths` has a row for each index of the dims before it. A segment starts from `initial`; an
/// empty one is what PyTorch makes of it: that, or the neutral element.
pub fn segment_reduce(
    data: &Tensor,
    reduce: &str,
    lengths: &Tensor,
    axis: usize,
    initial: Option<f64>,
) -> Result<Tensor> {
    let wide = data.flatten_all()?.to_device(&Device::Cpu)?;
    let values = wide.to_dtype(DType::F64)?.to_vec1::<f64>()?;
    let counts = lengths.flatten_all()?.to_device(&Device::Cpu)?;
    let counts = counts.to_dtype(DType::I64)?.to_vec1::<i64>()?;
    let (size, segments) = (data.dim(axis)?, lengths.dim(axis)?);
    let inner: usize = data.dims()[axis + 1..].iter().product();
    let start = match reduce {
        "max" => initial.unwrap_or(f64::NEG_INFINITY),
        "min" => initial.unwrap_or(f64::INFINITY),
        "prod" => initial.unwrap_or(1.),
        "sum" | "mean" => initial.unwrap_or(0.),
        _ => bail!("segment_reduce: no way called `{reduce}`"),
    };
    let mut found = Vec::with_capacity(counts.len() * inner);
    for (outer, row) in counts.chunks_exact(segments.max(1)).enumerate() {
        let mut from = 0;
        for &count in row {
            if count < 0 || from + count as usize > size {
                bail!("segment_reduce: segments of {row:?} along a dim of size {size}")
            }
            for column in 0..inner {
                let places = (from..from + count as usize).map(|i| (outer * size + i) * inner);
                let total = places.fold(start, |y, place| {
                    let x = values[place + column];
                    match reduce {
                        "max" if x.is_nan() || x > y => x,
                        "min" if x.is_nan() || x < y => x,
                        "prod" => y * x,
                        "sum" | "mean" => y + x,
                        _ => y,
                    }
                });
                found.push(match (reduce, count) {
                    ("mean", 0) if initial.is_none() => f64::NAN,
                    ("mean", 1..) => total / count as f64,
                    _ => total,
                });
            }
            from += count as usize;
        }
    }
    let mut shape = data.dims().to_vec();
    shape[axis] = segments;
    Tensor::from_vec(found, shape, &Device::Cpu)?
        .to_dtype(data.dtype())?
        .to_device(data.device())
}
