use super::picked;
use candle_core::{Result, Tensor};

/// Returns the most frequent elements along a dim, of several the smallest one, and the index where
/// each stands last.
pub fn mode(xs: &Tensor, dim: usize, keepdim: bool) -> Result<(Tensor, Tensor)> {
    picked(xs, dim, keepdim, |row| {
        let mut order: Vec<_> = (0..row.len()).collect();
        order.sort_by_key(|i| row[*i]);
        let (mut best, mut most, mut start) = (0, 0, 0);
        for i in 0..order.len() {
            if row[order[i]] != row[order[start]] {
                start = i;
            }
            if i - start + 1 > most {
                (most, best) = (i - start + 1, order[i]);
            }
        }
        best
    })
}
