use super::recurrent;
use candle_core::{Result, Tensor};
use candle_nn::ops::sigmoid;

/// Returns the outputs of gated recurrent units, and their last states.
pub fn gru(
    xs: &Tensor,
    state: &Tensor,
    params: &[&Tensor],
    has_biases: bool,
    layers: usize,
    bidirectional: bool,
    batch_first: bool,
) -> Result<(Tensor, Tensor)> {
    let step = |xs: &Tensor, hs: &Tensor, state: &[Tensor]| {
        // The gates stand in this order in PyTorch's weights: reset, update, new.
        let size = xs.dim(1)? / 3;
        let part = |x: &Tensor, i: usize| x.narrow(1, i * size, size);
        let reset = sigmoid(&(part(xs, 0)? + part(hs, 0)?)?)?;
        let update = sigmoid(&(part(xs, 1)? + part(hs, 1)?)?)?;
        let new = (part(xs, 2)? + (reset * part(hs, 2)?)?)?.tanh()?;
        Ok(vec![(&new + (update * (&state[0] - &new)?)?)?])
    };
    let (bi, first) = (bidirectional, batch_first);
    let (ys, states) = recurrent(xs, &[state], params, has_biases, layers, bi, first, step)?;
    Ok((ys, states[0].clone()))
}
