//! Ways to write `relu`, of which `Tensor::relu` alone makes 0 of NaN: `cargo bench --bench relu`.
//!
//! Each line is one shape: microseconds of `Tensor::relu`, and for each other way the median ratio
//! of pairs that ran in turn, with the least and the most.

use candle_core::{DType, Device, Result, Tensor};
use std::time::Instant;

const PAIRS: usize = 31;

type Way = fn(&Tensor) -> Result<Tensor>;

const WAYS: [(&str, Way); 3] = [
    ("maximum(0)", |xs| xs.maximum(0f64)),
    ("clamp(0, inf)", |xs| xs.clamp(0f64, f64::INFINITY)),
    ("where_cond", |xs| {
        xs.lt(0f64)?.where_cond(&xs.zeros_like()?, xs)
    }),
];

fn microseconds(way: Way, xs: &Tensor, times: usize) -> Result<f64> {
    let start = Instant::now();
    for _ in 0..times {
        std::hint::black_box(way(xs)?);
    }
    Ok(start.elapsed().as_secs_f64() * 1e6 / times as f64)
}

fn main() -> Result<()> {
    for dtype in [DType::F32, DType::BF16] {
        for shape in [[1, 768], [16, 3072], [64, 12544], [256, 12544]] {
            let xs = Tensor::randn(0f32, 1., &shape, &Device::Cpu)?.to_dtype(dtype)?;
            let times = (2_000_000 / xs.elem_count()).clamp(1, 1000);
            print!("{shape:?} {dtype:?}:");
            for (name, way) in WAYS {
                let mut pairs = vec![];
                for _ in 0..PAIRS {
                    let plain = microseconds(|xs| xs.relu(), &xs, times)?;
                    pairs.push((microseconds(way, &xs, times)? / plain, plain));
                }
                pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
                let [least, median, most] = [0, PAIRS / 2, PAIRS - 1].map(|i| pairs[i].0);
                let plain = pairs[PAIRS / 2].1;
                print!("  {name} {median:.2} ({least:.2} to {most:.2}; relu {plain:.1})");
            }
            println!();
        }
    }
    Ok(())
}
