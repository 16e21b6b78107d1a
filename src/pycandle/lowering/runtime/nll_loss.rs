use super::{f64_values, numbers_of, tensor_like};
use candle_core::{bail, Result, Tensor};

/// Returns the negative log probability of the class that `target` names, times the class's weight:
/// each for a reduction of 0, their mean by weight for 1, their sum for 2.
///
/// `xs` is (classes), (n, classes) or (n, classes, ..), and `target` lacks the classes. What is
/// `ignore_index` does not count.
pub fn nll_loss(
    xs: &Tensor,
    target: &Tensor,
    weight: Option<&Tensor>,
    reduction: usize,
    ignore_index: i64,
) -> Result<Tensor> {
    let dim = xs.rank().min(2) - 1;
    let classes = xs.dim(dim)?;
    let inner: usize = xs.dims()[dim + 1..].iter().product();
    let weight = numbers_of(weight, classes)?;
    let values = f64_values(xs)?;
    let (mut terms, mut sum) = (vec![], 0.);
    for (i, class) in f64_values(target)?.into_iter().enumerate() {
        if class == ignore_index as f64 {
            terms.push(0.);
            continue;
        }
        if !(0. ..classes as f64).contains(&class) {
            bail!("nll_loss: class {class} of {classes}")
        }
        let class = class as usize;
        let weight = weight.as_ref().map_or(1., |weight| weight[class]);
        let at = (i / inner * classes + class) * inner + i % inner;
        terms.push(-weight * values[at]);
        sum += weight;
    }
    let total: f64 = terms.iter().sum();
    match reduction {
        0 => tensor_like(terms, target.shape(), xs),
        1 => tensor_like(vec![total / sum], (), xs),
        _ => tensor_like(vec![total], (), xs),
    }
}
