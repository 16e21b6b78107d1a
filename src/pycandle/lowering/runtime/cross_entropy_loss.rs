use super::{f64_values, numbers_of, tensor_like};
use candle_core::{bail, Result, Tensor};

/// Returns the cross entropy of logits: with the class that `target` names, or where it is as large
/// as `xs`, with the probabilities that it has. Classes are weighted, and a part of
/// `label_smoothing` is shared out among all.
///
/// `xs` is (classes), (n, classes) or (n, classes, ..). A reduction of 0 keeps each, 1 is the mean,
/// by weight where classes are named, and 2 the sum. What is `ignore_index` does not count.
pub fn cross_entropy_loss(
    xs: &Tensor,
    target: &Tensor,
    weight: Option<&Tensor>,
    reduction: usize,
    ignore_index: i64,
    label_smoothing: f64,
) -> Result<Tensor> {
    let dim = xs.rank().min(2) - 1;
    let classes = xs.dim(dim)?;
    let inner: usize = xs.dims()[dim + 1..].iter().product();
    let weight = numbers_of(weight, classes)?.unwrap_or(vec![1.; classes]);
    let (values, wanted) = (f64_values(xs)?, f64_values(target)?);
    let has_shares = target.dtype().is_float();
    let share = label_smoothing / classes as f64;
    let (mut terms, mut sum) = (vec![], 0.);
    for i in 0..values.len() / classes.max(1) {
        let first = i / inner * classes * inner + i % inner;
        let row = (0..classes)
            .map(|c| values[first + c * inner])
            .collect::<Vec<_>>();
        let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let norm = row.iter().map(|x| (x - most).exp()).sum::<f64>().ln() + most;
        let costs = (0..classes)
            .map(|c| (norm - row[c]) * weight[c])
            .collect::<Vec<_>>();
        if has_shares {
            let cost =
                |c: usize| costs[c] * (wanted[first + c * inner] * (1. - label_smoothing) + share);
            terms.push((0..classes).map(cost).sum());
            sum += 1.;
        } else if wanted[i] == ignore_index as f64 {
            terms.push(0.);
        } else if (0. ..classes as f64).contains(&wanted[i]) {
            let class = wanted[i] as usize;
            let smooth = if share == 0. {
                0.
            } else {
                share * costs.iter().sum::<f64>()
            };
            terms.push((1. - label_smoothing) * costs[class] + smooth);
            sum += weight[class];
        } else {
            bail!("cross_entropy_loss: class {} of {classes}", wanted[i])
        }
    }
    let total: f64 = terms.iter().sum();
    match reduction {
        0 => {
            let mut dims = xs.dims().to_vec();
            dims.remove(dim);
            tensor_like(terms, dims, xs)
        }
        1 => tensor_like(vec![total / sum], (), xs),
        _ => tensor_like(vec![total], (), xs),
    }
}
