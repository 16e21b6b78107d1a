use super::{complex, fft};
use candle_core::{bail, Result, Tensor};

/// Returns the Fourier transforms of windows of `n_fft` elements, a hop apart, of the last dim:
/// (.., frequencies, windows) complex numbers in pairs.
pub fn stft(
    xs: &Tensor,
    n_fft: usize,
    hop_length: usize,
    win_length: usize,
    window: Option<&Tensor>,
    normalized: bool,
    onesided: bool,
) -> Result<Tensor> {
    let last = xs.rank() - 1;
    if xs.dim(last)? < n_fft || win_length > n_fft || hop_length == 0 {
        bail!("stft: windows of {n_fft} over {} elements", xs.dim(last)?)
    }
    let window = match window {
        Some(window) => window.to_dtype(xs.dtype())?,
        None => Tensor::ones(win_length, xs.dtype(), xs.device())?,
    };
    let before = (n_fft - win_length) / 2;
    let window = window.pad_with_zeros(0, before, n_fft - win_length - before)?;
    let frames = xs.unfold(last, n_fft, hop_length)?.contiguous()?;
    let frames = frames.broadcast_mul(&window)?;
    let norm = if normalized { "ortho" } else { "backward" };
    let pairs = complex(&frames, &frames.zeros_like()?)?;
    let found = fft(&pairs, &[None], &[last + 1], norm, false)?;
    let found = match onesided {
        true => found.narrow(last + 1, 0, n_fft / 2 + 1)?,
        false => found,
    };
    found.transpose(last, last + 1)?.contiguous()
}
