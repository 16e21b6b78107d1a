use super::recurrent;
use candle_core::{Result, Tensor};

/// Returns the outputs of a recurrent network of `tanh`, and its last states.
pub fn rnn_tanh(
    xs: &Tensor,
    state: &Tensor,
    params: &[&Tensor],
    has_biases: bool,
    layers: usize,
    bidirectional: bool,
    batch_first: bool,
) -> Result<(Tensor, Tensor)> {
    let step = |xs: &Tensor, hs: &Tensor, _: &[Tensor]| Ok(vec![(xs + hs)?.tanh()?]);
    let (bi, first) = (bidirectional, batch_first);
    let (ys, states) = recurrent(xs, &[state], params, has_biases, layers, bi, first, step)?;
    Ok((ys, states[0].clone()))
}
