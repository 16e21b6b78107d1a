use candle_core::{bail, Result, Tensor};

/// Returns the real and the imaginary parts of pairs.
pub fn complex_parts(xs: &Tensor) -> Result<(Tensor, Tensor)> {
    let Some((&2, dims)) = xs.dims().split_last() else {
        bail!("{:?} does not end in pairs", xs.dims())
    };
    let part = |i: usize| xs.narrow(dims.len(), i, 1)?.squeeze(dims.len());
    Ok((part(0)?, part(1)?))
}
