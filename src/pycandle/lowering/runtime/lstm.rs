use super::recurrent;
use candle_core::{bail, Result, Tensor};
use candle_nn::ops::sigmoid;

/// Returns the outputs of a long short-term memory, its last hidden states and its last cells.
pub fn lstm(
    xs: &Tensor,
    states: &[&Tensor],
    params: &[&Tensor],
    has_biases: bool,
    layers: usize,
    bidirectional: bool,
    batch_first: bool,
) -> Result<(Tensor, Tensor, Tensor)> {
    let step = |xs: &Tensor, hs: &Tensor, state: &[Tensor]| {
        // The gates stand in this order in PyTorch's weights: in, forget, cell, out.
        let gates = (xs + hs)?;
        let size = gates.dim(1)? / 4;
        let gate = |i: usize| gates.narrow(1, i * size, size);
        let kept = (sigmoid(&gate(1)?)? * &state[1])?;
        let cell = (kept + (sigmoid(&gate(0)?)? * gate(2)?.tanh()?)?)?;
        Ok(vec![(sigmoid(&gate(3)?)? * cell.tanh()?)?, cell])
    };
    let (bi, first) = (bidirectional, batch_first);
    let (ys, states) = recurrent(xs, states, params, has_biases, layers, bi, first, step)?;
    let [hidden, cell] = states.as_slice() else {
        bail!("lstm: {} states", states.len())
    };
    Ok((ys, hidden.clone(), cell.clone()))
}
