use candle_core::{bail, DType, Device, Result, Tensor};

/// Returns the product of rows with the matrix of their group: `xs` is (s, k), `weight` (g, k, n).
///
/// `offs` has the row behind the last of each group, in order. Rows behind all groups give zeros.
pub fn grouped_mm(xs: &Tensor, weight: &Tensor, offs: &Tensor) -> Result<Tensor> {
    let (rows, k) = xs.dims2()?;
    let (groups, inner, n) = weight.dims3()?;
    let ends = offs.to_device(&Device::Cpu)?.to_dtype(DType::I64)?;
    let ends = ends.to_vec1::<i64>()?;
    if ends.len() != groups || k != inner {
        bail!(
            "grouped_mm: {} groups of {k} columns for {groups} of {inner}",
            ends.len()
        )
    }
    let xs = xs.contiguous()?;
    let mut parts = vec![];
    let mut start = 0;
    for (group, end) in ends.into_iter().enumerate() {
        let Some(end) = usize::try_from(end)
            .ok()
            .filter(|end| (start..=rows).contains(end))
        else {
            bail!("grouped_mm: group {group} ends at {end}, of rows {start} to {rows}")
        };
        if start < end {
            let weight = weight.narrow(0, group, 1)?.squeeze(0)?;
            parts.push(xs.narrow(0, start, end - start)?.matmul(&weight)?);
        }
        start = end;
    }
    if start < rows || parts.is_empty() {
        parts.push(Tensor::zeros((rows - start, n), xs.dtype(), xs.device())?);
    }
    Tensor::cat(&parts, 0)
}
