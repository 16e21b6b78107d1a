//! What the kernels refuse: the op suite of PyCandle compares the values that they return.

use candle_core::{Device, Result, Tensor};
use pycandle_runtime as runtime;

fn message<T>(result: Result<T>) -> String {
    result
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

#[test]
fn index_outside_a_dim_is_an_error_and_not_a_neighbours_value() -> Result<()> {
    let xs = Tensor::arange(0f32, 12., &Device::Cpu)?.reshape((3, 4))?;
    let rows = Tensor::new(&[0i64, 0], &Device::Cpu)?;
    let columns = Tensor::new(&[3i64, 4], &Device::Cpu)?;

    let found = runtime::index(&xs, &[Some(&rows), Some(&columns)]);
    assert!(message(found).contains("outside dim 1"));

    let value = Tensor::new(1f32, &Device::Cpu)?;
    let put = runtime::index_put(&xs, &[Some(&rows), Some(&columns)], &value, false);
    assert!(message(put).contains("outside dim 1"));
    Ok(())
}

#[test]
fn index_too_far_from_the_end_is_an_error() -> Result<()> {
    let xs = Tensor::arange(0f32, 12., &Device::Cpu)?.reshape((3, 4))?;
    let ids = Tensor::new(&[-4i64], &Device::Cpu)?;

    let found = runtime::index(&xs, &[Some(&ids)]);

    assert!(message(found).contains("outside dim 0"));
    Ok(())
}

#[test]
fn a_mirror_wider_than_what_it_shows_is_an_error() -> Result<()> {
    let xs = Tensor::arange(0f32, 4., &Device::Cpu)?;

    assert!(message(runtime::reflection_pad(&xs, 0, 4, 0)).contains("beside 4 elements"));
    assert!(message(runtime::circular_pad(&xs, 0, 0, 5)).contains("beside 4 elements"));
    Ok(())
}

#[test]
fn a_window_wider_than_the_padded_input_is_an_error() -> Result<()> {
    let xs = Tensor::arange(0f32, 4., &Device::Cpu)?.reshape((1, 1, 2, 2))?;

    let max = runtime::max_pool2d(&xs, [5, 5], [1, 1], [1, 1], [1, 1], false);
    assert!(message(max).contains("a window over 5 of 4 elements"));

    let mean = runtime::avg_pool2d(&xs, [5, 5], [1, 1], [1, 1], false, true, None);
    assert!(message(mean).contains("a window over 5 of 4 elements"));
    Ok(())
}
