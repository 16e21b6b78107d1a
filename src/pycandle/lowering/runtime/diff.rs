use candle_core::{Result, Tensor};

/// Returns the differences between neighbours along a dim, which becomes one shorter.
pub fn diff(xs: &Tensor, dim: usize) -> Result<Tensor> {
    let len = xs.dim(dim)?.saturating_sub(1);
    if len == 0 {
        return xs.narrow(dim, 0, 0)?.contiguous();
    }
    xs.narrow(dim, 1, len)? - xs.narrow(dim, 0, len)?
}
