use super::cdist;
use candle_core::{Result, Tensor};

/// Returns the distances of order `p` between the rows of a matrix, each pair once.
pub fn pdist(xs: &Tensor, p: f64) -> Result<Tensor> {
    let count = xs.dim(0)?;
    let pairs = (0..count).flat_map(|i| (i + 1..count).map(move |j| (i * count + j) as u32));
    let places = Tensor::from_iter(pairs, xs.device())?;
    let all = cdist(xs, xs, p)?.flatten_all()?;
    if places.elem_count() == 0 {
        return all.narrow(0, 0, 0);
    }
    all.index_select(&places, 0)
}
