use super::{f64_values, fft_of_row, fft_scale, filled_rows, sized_dim, tensor_like};
use candle_core::{bail, Result, Tensor};

/// Returns the discrete Fourier transform of complex numbers in pairs over dims, each cut or filled
/// with zeros to its size if that is given. `norm` is `backward`, `ortho` or `forward`.
pub fn fft(
    xs: &Tensor,
    sizes: &[Option<usize>],
    dims: &[usize],
    norm: &str,
    inverse: bool,
) -> Result<Tensor> {
    let sign = if inverse { 1. } else { -1. };
    let mut ys = xs.clone();
    for (dim, size) in dims.iter().zip(sizes) {
        if let Some(size) = size {
            ys = sized_dim(&ys, *dim, *size)?;
        }
        let size = ys.dim(*dim)?;
        if size == 0 {
            bail!("fft: dim {dim} has no elements")
        }
        let scale = fft_scale(size, norm, inverse);
        // The dim stands before the pairs while it is transformed.
        let last = ys.rank() - 2;
        let rows = ys.transpose(*dim, last)?;
        let shape = rows.dims().to_vec();
        let values = f64_values(&rows)?;
        let width = 2 * size;
        let found = filled_rows(values.len() / width, width, |i, row| {
            let found = fft_of_row(&values[i * width..][..width], sign);
            row.iter_mut().zip(found).for_each(|(y, x)| *y = x * scale);
        });
        ys = tensor_like(found, shape, xs)?.transpose(*dim, last)?;
    }
    ys.contiguous()
}
