use candle_core::{Result, Tensor};

/// Returns the differences between neighbours along a dim, `n` times; each time it becomes one
/// shorter. Of bools, as `U8`, whether neighbours differ.
pub fn diff(xs: &Tensor, n: usize, dim: usize, is_bool: bool) -> Result<Tensor> {
    let mut found = xs.contiguous()?;
    for _ in 0..n {
        let len = found.dim(dim)?.saturating_sub(1);
        found = match len {
            0 => found.narrow(dim, 0, 0)?.contiguous()?,
            _ => {
                let (next, last) = (found.narrow(dim, 1, len)?, found.narrow(dim, 0, len)?);
                match is_bool {
                    true => next.ne(&last)?,
                    false => (next - last)?,
                }
            }
        };
    }
    Ok(found)
}
