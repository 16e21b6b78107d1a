use super::map_rows;
use candle_core::{DType, Device, Result, Tensor};

/// Returns what `f` makes of the elements of two tensors of floats, in `f64`; shapes broadcast.
pub fn map_pairs(
    xs: &Tensor,
    other: &Tensor,
    f: impl Fn(f64, f64) -> f64 + Sync,
) -> Result<Tensor> {
    let shape = xs
        .shape()
        .broadcast_shape_binary_op(other.shape(), "map_pairs")?;
    let wide = xs.broadcast_as(&shape)?.to_device(&Device::Cpu)?;
    let ys = other.broadcast_as(&shape)?.to_device(&Device::Cpu)?;
    let ys = ys.flatten_all()?.to_dtype(DType::F64)?.to_vec1::<f64>()?;
    map_rows(&wide, 1, |i, row| row[0] = f(row[0], ys[i]))?.to_device(xs.device())
}
