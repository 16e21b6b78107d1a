use candle_core::{bail, DType, Device, Result, Tensor};

/// Returns how many elements of a sorted row are less than each of `xs`, or not greater with
/// `right`; as `I64`. A single row is for all of `xs`, else each row of the last dim has its own.
pub fn searchsorted(sorted: &Tensor, xs: &Tensor, right: bool) -> Result<Tensor> {
    if sorted.dtype() == DType::I64 {
        return searched_rows(sorted, xs, |row: &[i64], x| {
            row.partition_point(|y| if right { *y <= x } else { *y < x })
        });
    }
    searched_rows(
        &sorted.to_dtype(DType::F64)?,
        &xs.to_dtype(DType::F64)?,
        |row: &[f64], x| {
            // NaN is greater than any number.
            row.partition_point(|y| match right {
                true => *y <= x || x.is_nan(),
                false => *y < x || (x.is_nan() && !y.is_nan()),
            })
        },
    )
}

fn searched_rows<T: candle_core::WithDType>(
    sorted: &Tensor,
    xs: &Tensor,
    place: impl Fn(&[T], T) -> usize,
) -> Result<Tensor> {
    let numbers = |x: &Tensor| x.flatten_all()?.to_device(&Device::Cpu)?.to_vec1::<T>();
    let (rows, values) = (numbers(sorted)?, numbers(xs)?);
    let size = sorted.dims().last().copied().unwrap_or(1);
    let each = xs.dims().last().copied().unwrap_or(1);
    if sorted.rank() > 1 && sorted.dims()[..sorted.rank() - 1] != xs.dims()[..xs.rank().max(1) - 1]
    {
        bail!(
            "searchsorted: rows of {:?} for {:?}",
            sorted.shape(),
            xs.shape()
        )
    }
    let found = values.into_iter().enumerate().map(|(i, x)| {
        let row = if sorted.rank() > 1 { i / each } else { 0 };
        place(&rows[row * size..(row + 1) * size], x) as i64
    });
    Tensor::from_vec(found.collect::<Vec<_>>(), xs.shape(), &Device::Cpu)?.to_device(xs.device())
}
