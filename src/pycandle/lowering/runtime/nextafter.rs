use candle_core::{DType, Device, Result, Tensor};

/// Returns the numbers next to those of `xs` in the direction of `other`, in `f32` or `f64`; shapes
/// broadcast.
pub fn nextafter(xs: &Tensor, other: &Tensor) -> Result<Tensor> {
    let shape = xs
        .shape()
        .broadcast_shape_binary_op(other.shape(), "nextafter")?;
    let wide = |x: &Tensor| {
        x.broadcast_as(&shape)?
            .flatten_all()?
            .to_device(&Device::Cpu)
    };
    let (xs_wide, other_wide) = (wide(xs)?, wide(other)?);
    let ys = if xs.dtype() == DType::F64 {
        let pairs = xs_wide.to_vec1::<f64>()?.into_iter();
        let next = pairs
            .zip(other_wide.to_vec1::<f64>()?)
            .map(|(x, y)| match x {
                _ if x.is_nan() || y.is_nan() => f64::NAN,
                _ if x < y => x.next_up(),
                _ if x > y => x.next_down(),
                _ => y,
            });
        Tensor::from_vec(next.collect::<Vec<_>>(), &shape, &Device::Cpu)?
    } else {
        let pairs = xs_wide.to_vec1::<f32>()?.into_iter();
        let next = pairs
            .zip(other_wide.to_vec1::<f32>()?)
            .map(|(x, y)| match x {
                _ if x.is_nan() || y.is_nan() => f32::NAN,
                _ if x < y => x.next_up(),
                _ if x > y => x.next_down(),
                _ => y,
            });
        Tensor::from_vec(next.collect::<Vec<_>>(), &shape, &Device::Cpu)?
    };
    ys.to_device(xs.device())
}
