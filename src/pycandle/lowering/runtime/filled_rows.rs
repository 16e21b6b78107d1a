use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// Returns `count` rows of `size` elements, each of which `f` fills by its index; it starts as
/// zeros.
pub fn filled_rows(count: usize, size: usize, f: impl Fn(usize, &mut [f64]) + Sync) -> Vec<f64> {
    let mut values = vec![0f64; count * size];
    if values.is_empty() {
        return values;
    }
    // As Candle's own loops: 16 K elements a turn, and one thread for less than 64 K.
    let rows = (16 * 1024 / size).max(1);
    let is_short = values.len() < 64 * 1024;
    let turns: Vec<_> = values.chunks_mut(rows * size).map(Mutex::new).collect();
    let work = |range: Range<usize>| {
        for turn in range {
            let mut rows_of = turns[turn].lock().unwrap_or_else(PoisonError::into_inner);
            for (i, row) in rows_of.chunks_exact_mut(size).enumerate() {
                f(turn * rows + i, row);
            }
        }
    };
    if is_short {
        work(0..turns.len());
    } else {
        candle_core::utils::barrier_pool().execute_chunked(turns.len(), work);
    }
    drop(turns);
    values
}
