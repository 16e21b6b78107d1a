use candle_core::{bail, Result, Tensor};

/// Returns the product of matrices; the first and the last may be vectors.
pub fn multi_dot(tensors: &[&Tensor]) -> Result<Tensor> {
    let (Some(first), Some(last)) = (tensors.first(), tensors.last()) else {
        bail!("multi_dot: no tensors")
    };
    let mut product = match first.rank() {
        1 => first.unsqueeze(0)?,
        _ => first.contiguous()?,
    };
    for xs in &tensors[1..] {
        let xs = if xs.rank() == 1 {
            xs.unsqueeze(1)?
        } else {
            (*xs).clone()
        };
        product = product.matmul(&xs.contiguous()?)?;
    }
    if last.rank() == 1 {
        product = product.squeeze(1)?;
    }
    if first.rank() == 1 {
        product = product.squeeze(0)?;
    }
    Ok(product)
}
