/// Returns what a Fourier transform of `size` numbers is multiplied by: a `norm` of `backward`
/// divides the inverse, `forward` the other, and `ortho` both by the root.
pub fn fft_scale(size: usize, norm: &str, inverse: bool) -> f64 {
    match (norm, inverse) {
        ("ortho", _) => 1. / (size as f64).sqrt(),
        ("forward", false) | ("backward", true) => 1. / size as f64,
        _ => 1.,
    }
}
