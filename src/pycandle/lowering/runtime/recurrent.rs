use super::recurrent_layer;
use candle_core::{bail, Result, Tensor};

/// Runs layers of a recurrent network, one on what the one below returns.
///
/// `xs` is (t, b, input), or (b, t, input) with `batch_first`. `states` are
/// (layers * directions, b, hidden). `params` are those of `recurrent_layer` for each
/// direction of each layer. Returns the outputs, of both directions side by side, and the last
/// states.
#[allow(clippy::too_many_arguments)]
pub fn recurrent(
    xs: &Tensor,
    states: &[&Tensor],
    params: &[&Tensor],
    has_biases: bool,
    layers: usize,
    bidirectional: bool,
    batch_first: bool,
    step: impl Fn(&Tensor, &Tensor, &[Tensor]) -> Result<Vec<Tensor>>,
) -> Result<(Tensor, Vec<Tensor>)> {
    let directions = 1 + bidirectional as usize;
    let count = if has_biases { 4 } else { 2 };
    if params.len() != count * directions * layers {
        bail!(
            "{} parameters for {layers} layers of {directions} directions",
            params.len()
        )
    }
    let mut ys = match batch_first {
        true => xs.transpose(0, 1)?.contiguous()?,
        false => xs.contiguous()?,
    };
    let mut lasts = vec![vec![]; states.len()];
    for layer in 0..layers {
        let mut outputs = vec![];
        for direction in 0..directions {
            let i = layer * directions + direction;
            let state = states.iter().map(|state| state.get(i)?.contiguous());
            let w = &params[i * count..(i + 1) * count];
            let state = state.collect::<Result<Vec<_>>>()?;
            let (output, state) = recurrent_layer(&ys, state, w, direction == 1, &step)?;
            outputs.push(output);
            lasts
                .iter_mut()
                .zip(state)
                .for_each(|(last, state)| last.push(state));
        }
        ys = Tensor::cat(&outputs, 2)?;
    }
    let states = lasts.iter().map(|last| Tensor::stack(last, 0));
    let states = states.collect::<Result<Vec<_>>>()?;
    if batch_first {
        ys = ys.transpose(0, 1)?.contiguous()?;
    }
    Ok((ys, states))
}
