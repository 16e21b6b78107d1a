use candle_core::{Result, Tensor};

/// Returns a matrix of zeros with matrices along its diagonal; a row is a matrix of one row.
pub fn block_diag(blocks: &[&Tensor]) -> Result<Tensor> {
    let blocks = blocks.iter().map(|x| match x.dims() {
        [] => x.reshape((1, 1)),
        [size] => x.reshape((1, *size)),
        _ => Ok((*x).clone()),
    });
    let blocks = blocks.collect::<Result<Vec<_>>>()?;
    let width = blocks.iter().map(|x| x.dims()[1]).sum::<usize>();
    let mut left = 0;
    let rows = blocks.iter().map(|x| {
        let (start, size) = (left, x.dim(1)?);
        left += size;
        x.pad_with_zeros(1, start, width - start - size)
    });
    Tensor::cat(&rows.collect::<Result<Vec<_>>>()?, 0)?.contiguous()
}
