use candle_core::{bail, DType, Device, Result, Tensor};

/// Returns floats `xs` with those of `src` brought in at indices along a dim: by `sum`, `prod`,
/// `mean`, `amax` or `amin`, with or without what `xs` holds there.
pub fn scatter_reduce(
    xs: &Tensor,
    dim: usize,
    index: &Tensor,
    src: &Tensor,
    reduce: &str,
    include_self: bool,
) -> Result<Tensor> {
    if xs.rank() == 0 {
        let (xs, index, src) = (xs.reshape(1)?, index.reshape(1)?, src.reshape(1)?);
        return scatter_reduce(&xs, 0, &index, &src, reduce, include_self)?.reshape(());
    }
    let numbers = |x: &Tensor| {
        x.flatten_all()?
            .to_device(&Device::Cpu)?
            .to_dtype(DType::F64)?
            .to_vec1::<f64>()
    };
    let mut src = src.clone();
    for (i, size) in index.dims().iter().enumerate() {
        src = src.narrow(i, 0, *size)?;
    }
    let (mut ys, src) = (numbers(xs)?, numbers(&src)?);
    let index_values = index
        .flatten_all()?
        .to_device(&Device::Cpu)?
        .to_dtype(DType::I64)?
        .to_vec1::<i64>()?;
    let behind = |d: usize| xs.dims()[d + 1..].iter().product::<usize>();
    let mut counts = vec![include_self as usize; ys.len()];
    for (i, (value, to)) in src.into_iter().zip(index_values).enumerate() {
        if to < 0 || to as usize >= xs.dim(dim)? {
            bail!(
                "scatter_reduce: index {to} outside dim {dim} of {:?}",
                xs.shape()
            )
        }
        let mut rest = i;
        let mut place = 0;
        for (d, size) in index.dims().iter().enumerate().rev() {
            let at = if d == dim { to as usize } else { rest % size };
            place += at * behind(d);
            rest /= size;
        }
        let y = ys[place];
        ys[place] = match (counts[place], reduce) {
            (0, _) => value,
            (_, "sum" | "mean") => y + value,
            (_, "prod") => y * value,
            _ if y.is_nan() || value.is_nan() => f64::NAN,
            (_, "amax") => y.max(value),
            (_, "amin") => y.min(value),
            _ => bail!("scatter_reduce: no way called `{reduce}`"),
        };
        counts[place] += 1;
    }
    if reduce == "mean" {
        let pairs = ys.iter_mut().zip(counts);
        pairs.for_each(|(y, count)| *y /= count.max(1) as f64);
    }
    Tensor::from_vec(ys, xs.shape(), &Device::Cpu)?
        .to_dtype(xs.dtype())?
        .to_device(xs.device())
}
