use candle_core::{Result, Tensor};

/// Runs the steps of one direction of a recurrent layer over a sequence (t, b, input).
///
/// `w` is the weight of the input and that of the state, then their biases if there are any. `step`
/// makes the next state of the projections of input and state and of the state itself; the first
/// tensor of a state is what the layer returns of each step, stacked over (t, b, hidden).
pub fn recurrent_layer(
    xs: &Tensor,
    state: Vec<Tensor>,
    w: &[&Tensor],
    reverse: bool,
    step: impl Fn(&Tensor, &Tensor, &[Tensor]) -> Result<Vec<Tensor>>,
) -> Result<(Tensor, Vec<Tensor>)> {
    let (t, b, size) = xs.dims3()?;
    let project = |xs: &Tensor, weight: &Tensor, bias: Option<&&Tensor>| {
        let ys = xs.contiguous()?.matmul(&weight.t()?)?;
        match bias {
            Some(bias) => ys.broadcast_add(bias),
            None => Ok(ys),
        }
    };
    // The input of all steps at once.
    let inputs = project(&xs.reshape((t * b, size))?, w[0], w.get(2))?.reshape((t, b, ()))?;
    let mut state = state;
    let mut ys = Vec::with_capacity(t);
    for i in 0..t {
        let i = if reverse { t - 1 - i } else { i };
        state = step(
            &inputs.get(i)?,
            &project(&state[0], w[1], w.get(3))?,
            &state,
        )?;
        ys.push(state[0].clone());
    }
    if reverse {
        ys.reverse();
    }
    Ok((Tensor::stack(&ys, 0)?, state))
}
