use super::f64_values;
use candle_core::{Device, Result, Tensor};

/// Returns what `term` makes of each pair of elements, which broadcast, in `f64` on the CPU.
pub fn loss_terms(xs: &Tensor, target: &Tensor, term: impl Fn(f64, f64) -> f64) -> Result<Tensor> {
    let shape = xs
        .shape()
        .broadcast_shape_binary_op(target.shape(), "loss")?;
    let xs = f64_values(&xs.broadcast_as(&shape)?)?;
    let target = f64_values(&target.broadcast_as(&shape)?)?;
    let terms = xs.into_iter().zip(target).map(|(x, y)| term(x, y));
    Tensor::from_vec(terms.collect(), shape, &Device::Cpu)
}
