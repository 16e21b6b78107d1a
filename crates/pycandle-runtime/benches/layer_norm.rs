//! `LayerNorm` of the runtime beside Candle's: `cargo bench --bench layer_norm`.
//!
//! Each line is one shape: microseconds of both, and the ratio of each of ten pairs that ran in turn:
//! the least, the median and the most.

use candle_core::{DType, Device, Module, Result, Tensor};
use candle_nn::VarBuilder;
use std::collections::HashMap;
use std::time::Instant;

const PAIRS: usize = 15;

fn microseconds(layer: &dyn Module, xs: &Tensor, times: usize) -> Result<f64> {
    let start = Instant::now();
    for _ in 0..times {
        std::hint::black_box(layer.forward(xs)?);
    }
    Ok(start.elapsed().as_secs_f64() * 1e6 / times as f64)
}

fn main() -> Result<()> {
    let device = Device::Cpu;
    println!(
        "{:>16} {:>5} {:>10} {:>10}  ratio",
        "shape", "", "candle us", "ours us"
    );
    for dtype in [DType::F32, DType::BF16, DType::F16] {
        for (rows, size) in [
            (1, 768),
            (1, 4096),
            (16, 768),
            (128, 768),
            (1024, 1024),
            (512, 4096),
        ] {
            let xs = Tensor::randn(0f32, 1., (rows, size), &device)?.to_dtype(dtype)?;
            let ones = Tensor::ones(size, dtype, &device)?;
            let named = ["weight", "bias"].map(|name| (name.to_string(), ones.clone()));
            let vb = VarBuilder::from_tensors(HashMap::from(named), dtype, &device);
            let theirs = candle_nn::layer_norm(size, 1e-5, vb.clone())?;
            let ours = pycandle_runtime::layer_norm(size, 1e-5, vb)?;
            let times = (4_000_000 / (rows * size)).clamp(3, 2000);
            let mut pairs = vec![];
            for _ in 0..PAIRS {
                let theirs = microseconds(&theirs, &xs, times)?;
                pairs.push((microseconds(&ours, &xs, times)?, theirs));
            }
            pairs.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
            let ratio = |i: usize| pairs[i].0 / pairs[i].1;
            let (ours, theirs) = pairs[PAIRS / 2];
            let shape = format!("{rows} x {size}");
            println!(
                "{shape:>16} {:>5} {theirs:>10.1} {ours:>10.1}  {:.2} {:.2} {:.2}",
                dtype.as_str(),
                ratio(0),
                ratio(PAIRS / 2),
                ratio(PAIRS - 1)
            );
        }
    }
    Ok(())
}
