use super::cumsum;
use candle_core::{Result, Tensor};

/// Returns the integral of `ys` along a dim by the trapezoidal rule, between points `xs`, one row of
/// them or as many as `ys`, or `dx` apart; with `cumulative`, up to each point but the first.
pub fn trapezoid(
    ys: &Tensor,
    xs: Option<&Tensor>,
    dx: f64,
    dim: usize,
    cumulative: bool,
) -> Result<Tensor> {
    let pairs = |x: &Tensor, dim: usize| -> Result<(Tensor, Tensor)> {
        let len = x.dim(dim)?.saturating_sub(1);
        let start = x.dim(dim)?.min(1);
        Ok((x.narrow(dim, start, len)?, x.narrow(dim, 0, len)?))
    };
    let (right, left) = pairs(ys, dim)?;
    let heights = (right + left)?;
    let areas = match xs {
        None => (heights * (dx / 2.))?,
        Some(xs) => {
            let mut shape = vec![1; ys.rank()];
            let xs = if xs.rank() == 1 {
                shape[dim] = xs.elem_count();
                xs.reshape(shape)?
            } else {
                // Dims that `xs` lacks stand in front.
                let missing = ys.rank().saturating_sub(xs.rank());
                shape.truncate(missing);
                xs.reshape([shape.as_slice(), xs.dims()].concat())?
            };
            let (right, left) = pairs(&xs, dim + xs.rank() - ys.rank())?;
            (heights.broadcast_mul(&(right - left)?)? * 0.5)?
        }
    };
    let dim = dim + areas.rank() - ys.rank();
    if cumulative {
        cumsum(&areas, dim)
    } else {
        areas.sum(dim)
    }
}
