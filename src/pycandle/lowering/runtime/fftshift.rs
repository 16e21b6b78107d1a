use candle_core::{Result, Tensor};

/// Returns `xs` with the two halves of dims exchanged: the middle comes first, or with `inverse`
/// what came first goes to the middle.
pub fn fftshift(xs: &Tensor, dims: &[usize], inverse: bool) -> Result<Tensor> {
    let mut ys = xs.contiguous()?;
    for &dim in dims {
        let size = ys.dim(dim)?;
        let first = if inverse { size / 2 } else { size.div_ceil(2) };
        let halves = [
            ys.narrow(dim, first, size - first)?,
            ys.narrow(dim, 0, first)?,
        ];
        ys = Tensor::cat(&halves, dim)?;
    }
    Ok(ys)
}
