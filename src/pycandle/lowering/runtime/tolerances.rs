use super::f64_values;
use candle_core::{Result, Shape, Tensor};

/// Returns the leading dims of matrices and their tolerances together, and for each matrix the
/// absolute tolerance and the relative one: 0, and `eps` where the absolute one is not above 0, if
/// they are not given.
pub fn tolerances(
    xs: &Tensor,
    atol: Option<&Tensor>,
    rtol: Option<&Tensor>,
    eps: f64,
) -> Result<(Shape, Vec<(f64, f64)>)> {
    let mut batch = Shape::from(&xs.dims()[..xs.rank() - 2]);
    for given in [atol, rtol].into_iter().flatten() {
        batch = batch.broadcast_shape_binary_op(given.shape(), "tolerances")?;
    }
    let values = |given: &Tensor| f64_values(&given.broadcast_as(&batch)?);
    let least = atol.map(values).transpose()?;
    let most = rtol.map(values).transpose()?;
    let pair = |i: usize| {
        let least = least.as_ref().map_or(0., |values| values[i]);
        let default = if least > 0. { 0. } else { eps };
        (least, most.as_ref().map_or(default, |values| values[i]))
    };
    let found = (0..batch.elem_count()).map(pair).collect();
    Ok((batch, found))
}
