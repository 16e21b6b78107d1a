//! Attention over so many keys that the queries are taken in parts.

use candle_core::{DType, Device, Result, Tensor, D};
use pycandle_runtime::scaled_dot_product_attention;

const LENGTH: usize = 8300;

fn numbers(rows: usize) -> Result<Tensor> {
    let count = (rows * 4) as u32;
    let xs = Tensor::arange(0, count, &Device::Cpu)?.to_dtype(DType::F64)?;
    (xs * 0.37)?
        .sin()?
        .to_dtype(DType::F32)?
        .reshape((1, 1, rows, 4))
}

fn largest_difference(one: &Tensor, other: &Tensor) -> Result<f32> {
    (one - other)?.abs()?.max_all()?.to_scalar()
}

/// Compares the queries from `first` on with the same queries alone.
fn compare(found: &Tensor, mask: &Tensor, first: usize, rows: usize) -> Result<f32> {
    let xs = numbers(LENGTH)?;
    let query = xs.narrow(D::Minus2, first, rows)?;
    let keys = Tensor::arange(0, LENGTH as u32, &Device::Cpu)?.unsqueeze(0)?;
    let queries =
        Tensor::arange(first as u32, (first + rows) as u32, &Device::Cpu)?.unsqueeze(1)?;
    let causal = keys.broadcast_le(&queries)?;
    let seen = match mask.dim(0)? {
        1 => mask.broadcast_as(causal.shape())?,
        _ => mask.narrow(0, first, rows)?,
    };
    let both = (causal * seen)?;
    let alone = scaled_dot_product_attention(&query, &xs, &xs, Some(&both), false, None)?;
    largest_difference(&found.narrow(D::Minus2, first, rows)?, &alone)
}

#[test]
fn queries_in_parts_see_what_they_see_at_once() -> Result<()> {
    let xs = numbers(LENGTH)?;
    let rows = Tensor::arange(0, LENGTH as u32, &Device::Cpu)?;
    let even = ((&rows / 2.)? * 2.)?.eq(&rows)?;
    let by_key = even.unsqueeze(0)?;
    let by_query = even.unsqueeze(1)?.broadcast_as((LENGTH, LENGTH))?;
    for mask in [by_key, by_query.contiguous()?] {
        let found = scaled_dot_product_attention(&xs, &xs, &xs, Some(&mask), true, None)?;
        assert_eq!(found.dims(), xs.dims());
        for first in [0, 8080, LENGTH - 40] {
            assert!(compare(&found, &mask, first, 40)? < 1e-5, "{first}");
        }
    }
    Ok(())
}
