use super::{loss_terms, reduced_loss};
use candle_core::{DType, Device, Result, Tensor, D};

/// Returns one less the cosine of two vectors where the target is 1, and by how much it is above
/// `margin` where it is -1.
pub fn cosine_embedding_loss(
    xs: &Tensor,
    other: &Tensor,
    target: &Tensor,
    margin: f64,
    reduction: usize,
) -> Result<Tensor> {
    let wide = |xs: &Tensor| xs.to_device(&Device::Cpu)?.to_dtype(DType::F64);
    let (x, y) = (wide(xs)?, wide(other)?);
    let dot = |x: &Tensor, y: &Tensor| x.broadcast_mul(y)?.sum(D::Minus1);
    // What torch adds, lest a vector has no length.
    let lengths = ((dot(&x, &x)? + 1e-12)?.broadcast_mul(&(dot(&y, &y)? + 1e-12)?))?.sqrt()?;
    let cosine = dot(&x, &y)?.broadcast_div(&lengths)?;
    let terms = loss_terms(&cosine, target, |cosine, target| {
        if target == 1. {
            1. - cosine
        } else if target == -1. && (cosine >= margin || cosine.is_nan()) {
            cosine - margin
        } else {
            0.
        }
    })?;
    reduced_loss(&terms, reduction, xs)
}
