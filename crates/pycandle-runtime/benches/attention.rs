//! Attention of the runtime beside Candle's own ops in a row: `cargo bench --bench attention`.
//!
//! Each line is one shape: milliseconds of both, and the ratio of pairs that ran in turn: the least,
//! the median and the most. The last shapes have so many scores that queries are taken in parts.

use candle_core::{Device, Result, Tensor, D};
use pycandle_runtime::scaled_dot_product_attention;
use std::time::Instant;

const PAIRS: usize = 7;

fn plain(query: &Tensor, key: &Tensor, value: &Tensor) -> Result<Tensor> {
    let scale = 1. / (query.dim(D::Minus1)? as f64).sqrt();
    let scores = (query.matmul(&key.t()?.contiguous()?)? * scale)?;
    candle_nn::ops::softmax_last_dim(&scores)?.matmul(value)
}

fn milliseconds(times: usize, run: &dyn Fn() -> Result<Tensor>) -> Result<f64> {
    let start = Instant::now();
    for _ in 0..times {
        std::hint::black_box(run()?);
    }
    Ok(start.elapsed().as_secs_f64() * 1e3 / times as f64)
}

fn main() -> Result<()> {
    println!(
        "{:>20} {:>10} {:>10}  ratio",
        "shape", "candle ms", "ours ms"
    );
    for (heads, length, size) in [
        (12, 16, 64),
        (12, 197, 64),
        (12, 1024, 64),
        (4, 6000, 16),
        (1, 9000, 64),
    ] {
        let shape = (1, heads, length, size);
        let [query, key, value] = [0, 1, 2].map(|_| Tensor::randn(0f32, 1., shape, &Device::Cpu));
        let (query, key, value) = (query?, key?, value?);
        let times = (20_000_000 / (heads * length * length)).clamp(1, 200);
        let mut pairs = vec![];
        for _ in 0..PAIRS {
            let theirs = milliseconds(times, &|| plain(&query, &key, &value))?;
            let ours = milliseconds(times, &|| {
                scaled_dot_product_attention(&query, &key, &value, None, false, None)
            })?;
            pairs.push((ours, theirs));
        }
        pairs.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
        let ratio = |i: usize| pairs[i].0 / pairs[i].1;
        let (ours, theirs) = pairs[PAIRS / 2];
        println!(
            "{:>20} {theirs:>10.2} {ours:>10.2}  {:.2} {:.2} {:.2}",
            format!("{heads} x {length} x {size}"),
            ratio(0),
            ratio(PAIRS / 2),
            ratio(PAIRS - 1)
        );
    }
    Ok(())
}
