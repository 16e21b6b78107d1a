use candle_core::{bail, DType, Device, Result, Tensor};

/// Returns how many elements lie in each of `bins` equal parts of the range from `min` to `max`,
/// which is that of the elements where the two are equal. Elements outside are not counted.
pub fn histc(xs: &Tensor, bins: usize, min: f64, max: f64) -> Result<Tensor> {
    let values = xs
        .flatten_all()?
        .to_device(&Device::Cpu)?
        .to_dtype(DType::F64)?
        .to_vec1::<f64>()?;
    let (mut min, mut max) = (min, max);
    if min == max && !values.is_empty() {
        min = values.iter().copied().fold(f64::INFINITY, f64::min);
        max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    }
    if min == max {
        (min, max) = (min - 1., max + 1.);
    }
    if !(min.is_finite() && max.is_finite() && min < max) {
        bail!("histc: a range from {min} to {max}")
    }
    let mut counts = vec![0f64; bins];
    for x in values {
        if (min..=max).contains(&x) {
            // In whole numbers a quotient must not be rounded below itself.
            let bin = if xs.dtype().is_int() {
                ((x - min) as i64 * bins as i64 / (max - min) as i64) as usize
            } else {
                ((x - min) / (max - min) * bins as f64) as usize
            };
            counts[bin.min(bins - 1)] += 1.;
        }
    }
    Tensor::from_vec(counts, bins, &Device::Cpu)?
        .to_dtype(xs.dtype())?
        .to_device(xs.device())
}
