use candle_core::{DType, Result, Tensor};

/// Returns the means of the windows that share out each of the last dims, as many as `sizes` says.
pub fn adaptive_avg_pool(xs: &Tensor, sizes: &[usize]) -> Result<Tensor> {
    let dtype = xs.dtype();
    let mut ys = match dtype {
        DType::F16 | DType::BF16 => xs.to_dtype(DType::F32)?,
        _ => xs.clone(),
    };
    let first = xs.rank() - sizes.len();
    for (i, &count) in sizes.iter().enumerate() {
        let dim = first + i;
        let size = xs.dim(dim)?;
        let windows = (0..count)
            .map(|w| {
                let (start, end) = (w * size / count, ((w + 1) * size).div_ceil(count));
                ys.narrow(dim, start, end - start)?.mean_keepdim(dim)
            })
            .collect::<Result<Vec<_>>>()?;
        ys = Tensor::cat(&windows, dim)?;
    }
    ys.to_dtype(dtype)
}
