//! Offsets that torch does not define an answer for are an error.

use candle_core::{Device, Result, Tensor};
use pycandle_runtime as runtime;

fn sums(offsets: &[i64], include_last_offset: bool) -> Result<Tensor> {
    let weight = Tensor::arange(0f32, 12., &Device::Cpu)?.reshape((6, 2))?;
    let indices = Tensor::new(&[0i64, 2, 5, 1], &Device::Cpu)?;
    let offsets = Tensor::new(offsets, &Device::Cpu)?;
    let (found, ..) = runtime::embedding_bag(
        &weight,
        &indices,
        &offsets,
        0,
        None,
        include_last_offset,
        None,
    )?;
    Ok(found)
}

#[test]
fn sums_bags_that_ascend() -> Result<()> {
    let found = sums(&[0, 1], false)?.to_vec2::<f32>()?;
    assert_eq!(found, [[0., 1.], [16., 19.]]);
    assert_eq!(sums(&[0, 1, 4], true)?.to_vec2::<f32>()?, found);
    Ok(())
}

#[test]
fn refuses_offsets_that_descend() {
    let error = sums(&[0, 3, 1], false).unwrap_err().to_string();
    assert!(error.contains("do not ascend"), "{error}");
}

#[test]
fn refuses_a_last_offset_that_is_not_the_end() {
    let error = sums(&[0, 1, 3], true).unwrap_err().to_string();
    assert!(error.contains("the number of indices, 4"), "{error}");
}
