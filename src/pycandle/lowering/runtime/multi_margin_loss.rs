use super::{f64_values, numbers_of, reduced_loss};
use candle_core::{bail, Device, Result, Tensor};

/// Returns what a class lacks to be `margin` above each other, to the power of `p`: the mean over
/// all classes, times the class's weight. `xs` is (n, classes) or (classes).
pub fn multi_margin_loss(
    xs: &Tensor,
    target: &Tensor,
    p: f64,
    margin: f64,
    weight: Option<&Tensor>,
    reduction: usize,
) -> Result<Tensor> {
    let classes = xs.dims().last().copied().unwrap_or(1);
    let weight = numbers_of(weight, classes)?;
    let values = f64_values(xs)?;
    let mut terms = vec![];
    for (row, class) in values.chunks_exact(classes).zip(f64_values(target)?) {
        if !(0. ..classes as f64).contains(&class) {
            bail!("multi_margin_loss: class {class} of {classes}")
        }
        let class = class as usize;
        let others = row.iter().enumerate().filter(|(i, _)| *i != class);
        let short = others
            .map(|(_, x)| margin - row[class] + x)
            .filter(|short| *short > 0.);
        let sum: f64 = short.map(|short| short.powf(p)).sum();
        terms.push(sum * weight.as_ref().map_or(1., |weight| weight[class]) / classes as f64);
    }
    let terms = Tensor::from_vec(terms, target.shape(), &Device::Cpu)?;
    reduced_loss(&terms, reduction, xs)
}
