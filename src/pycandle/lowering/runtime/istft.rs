use super::{f64_values, irfft, tensor_like};
use candle_core::{bail, Result, Tensor};

/// Returns the signal whose windows have the Fourier transforms in `xs`: (frequencies, windows) or
/// (n, frequencies, windows) complex numbers in pairs.
#[allow(clippy::too_many_arguments)] // Those of the schema.
pub fn istft(
    xs: &Tensor,
    n_fft: usize,
    hop_length: usize,
    win_length: usize,
    window: Option<&Tensor>,
    center: bool,
    normalized: bool,
    length: Option<usize>,
) -> Result<Tensor> {
    let (dim, norm) = (xs.rank() - 3, if normalized { "ortho" } else { "backward" });
    // Of a whole spectrum torch reads the first half, too.
    let frames = irfft(xs, n_fft, dim, norm, true)?;
    let mut window = match window {
        Some(window) => f64_values(window)?,
        None => vec![1.; win_length],
    };
    let before = (n_fft - win_length) / 2;
    window.splice(0..0, vec![0.; before]);
    window.resize(n_fft, 0.);
    let count = frames.dim(dim + 1)?;
    let whole = n_fft + hop_length * (count.max(1) - 1);
    let start = if center { n_fft / 2 } else { 0 };
    let end = match length {
        Some(length) => start + length,
        None if center => whole - n_fft / 2,
        None => whole,
    };
    let values = f64_values(&frames.transpose(dim, dim + 1)?)?;
    let mut found = vec![];
    for frames in values.chunks_exact(n_fft * count) {
        let (mut sum, mut weight) = (vec![0f64; whole], vec![0f64; whole]);
        for (i, frame) in frames.chunks_exact(n_fft).enumerate() {
            for (j, (x, window)) in frame.iter().zip(&window).enumerate() {
                sum[i * hop_length + j] += x * window;
                weight[i * hop_length + j] += window * window;
            }
        }
        if weight[start..end.min(whole)]
            .iter()
            .any(|weight| *weight < 1e-11)
        {
            bail!("istft: the windows leave places without weight")
        }
        let value = |i: usize| if i < whole { sum[i] / weight[i] } else { 0. };
        found.extend((start..end).map(value));
    }
    let batch = &xs.dims()[..dim];
    tensor_like(found, [batch, &[end - start]].concat(), xs)
}
