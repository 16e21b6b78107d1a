use super::linspace;
use candle_core::{bail, DType, Result, Tensor};

/// Returns the edges of `bins` equal bins over a range, or over what the elements span; around a
/// single value, a half to each side.
pub fn histogram_edges(xs: &Tensor, bins: usize, range: Option<(f64, f64)>) -> Result<Tensor> {
    let (mut low, mut high) = match range {
        Some(range) => range,
        None if xs.elem_count() == 0 => (0., 1.),
        None => {
            let x = xs.flatten_all()?.to_dtype(DType::F64)?;
            (x.min(0)?.to_scalar()?, x.max(0)?.to_scalar()?)
        }
    };
    if low == high {
        (low, high) = (low - 0.5, high + 0.5);
    }
    if !(low.is_finite() && high.is_finite() && low < high) {
        bail!("histogram: a range from {low} to {high}")
    }
    linspace(low, high, bins + 1, xs.dtype(), xs.device())
}
