use super::{f64_values, reduced_loss};
use candle_core::{bail, Device, Result, Tensor};

/// Returns what the classes that a row of `target` names, up to the first -1, lack to be 1 above
/// each other class, as a mean over all classes. `xs` is (n, classes) or (classes).
pub fn multilabel_margin_loss(xs: &Tensor, target: &Tensor, reduction: usize) -> Result<Tensor> {
    let classes = xs.dims().last().copied().unwrap_or(1).max(1);
    let (values, named) = (f64_values(xs)?, f64_values(target)?);
    let mut terms = vec![];
    for (row, named) in values
        .chunks_exact(classes)
        .zip(named.chunks_exact(classes))
    {
        let named = named.iter().take_while(|class| **class >= 0.);
        let named = named.map(|class| *class as usize).collect::<Vec<_>>();
        if named.iter().any(|class| *class >= classes) {
            bail!("multilabel_margin_loss: classes {named:?} of {classes}")
        }
        let others = (0..classes).filter(|class| !named.contains(class));
        let others = others.map(|class| row[class]).collect::<Vec<_>>();
        let short = |class: &usize| -> f64 {
            let short = others.iter().map(|other| 1. - row[*class] + other);
            short.filter(|short| *short > 0.).sum()
        };
        terms.push(named.iter().map(short).sum::<f64>() / classes as f64);
    }
    let shape = &xs.dims()[..xs.rank().max(1) - 1];
    let terms = Tensor::from_vec(terms, shape, &Device::Cpu)?;
    reduced_loss(&terms, reduction, xs)
}
