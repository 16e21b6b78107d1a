use super::{f64_values, fft_of_row, fft_scale, filled_rows, sized_dim, tensor_like};
use candle_core::{bail, Result, Tensor};

/// Returns the real numbers, `size` of them along a dim, whose spectrum begins with complex numbers
/// in pairs. With `inverse` it is the inverse transform, else the forward one of the conjugates.
pub fn irfft(xs: &Tensor, size: usize, dim: usize, norm: &str, inverse: bool) -> Result<Tensor> {
    if size == 0 {
        bail!("irfft: dim {dim} has no elements")
    }
    let half = size / 2 + 1;
    let last = xs.rank() - 2;
    let rows = sized_dim(xs, dim, half)?.transpose(dim, last)?;
    let mut shape = rows.dims()[..last].to_vec();
    shape.push(size);
    let values = f64_values(&rows)?;
    let scale = fft_scale(size, norm, inverse);
    let sign = if inverse { 1. } else { -1. };
    let found = filled_rows(values.len() / (2 * half), size, |i, ys| {
        let known = &values[i * 2 * half..][..2 * half];
        let mut whole = vec![0f64; 2 * size];
        whole[..2 * half.min(size)].copy_from_slice(&known[..2 * half.min(size)]);
        for k in half..size {
            let mirror = size - k;
            (whole[2 * k], whole[2 * k + 1]) = (known[2 * mirror], -known[2 * mirror + 1]);
        }
        // What these say of a real signal is 0.
        whole[1] = 0.;
        if size.is_multiple_of(2) {
            whole[size + 1] = 0.;
        }
        let found = fft_of_row(&whole, sign);
        ys.iter_mut()
            .zip(found.chunks_exact(2))
            .for_each(|(y, pair)| *y = pair[0] * scale);
    });
    tensor_like(found, shape, xs)?
        .transpose(dim, last)?
        .contiguous()
}
