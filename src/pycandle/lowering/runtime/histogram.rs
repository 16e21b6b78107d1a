use candle_core::{DType, Device, Result, Tensor};

/// Returns how many elements, or what weight of them, lie in each bin between `edges`. The last bin
/// holds its upper edge. With `density` the areas of the bins make up 1.
pub fn histogram(
    xs: &Tensor,
    edges: &Tensor,
    weight: Option<&Tensor>,
    density: bool,
) -> Result<Tensor> {
    let numbers = |x: &Tensor| {
        let x = x.flatten_all()?.to_device(&Device::Cpu)?;
        x.to_dtype(DType::F64)?.to_vec1::<f64>()
    };
    let (values, edges) = (numbers(xs)?, numbers(edges)?);
    let weights = weight.map(numbers).transpose()?;
    let bins = edges.len() - 1;
    let mut counts = vec![0f64; bins];
    for (i, x) in values.iter().enumerate() {
        if *x >= edges[0] && *x <= edges[bins] {
            let bin = edges.partition_point(|edge| edge <= x).clamp(1, bins);
            counts[bin - 1] += weights.as_ref().map_or(1., |weights| weights[i]);
        }
    }
    if density {
        let total: f64 = counts.iter().sum();
        let widths = edges.windows(2).map(|pair| pair[1] - pair[0]);
        let bins = counts.iter_mut().zip(widths);
        bins.for_each(|(count, width)| *count /= total * width);
    }
    Tensor::from_vec(counts, bins, &Device::Cpu)?
        .to_dtype(xs.dtype())?
        .to_device(xs.device())
}
