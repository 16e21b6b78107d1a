//! What the kernels refuse: the op suite of PyCandle compares the values that they return.

use candle_core::{DType, Device, Result, Tensor};
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

#[test]
fn groups_that_are_out_of_order_or_too_long_are_an_error() -> Result<()> {
    let xs = Tensor::arange(0f32, 12., &Device::Cpu)?.reshape((6, 2))?;
    let weight = Tensor::ones((2, 2, 3), DType::F32, &Device::Cpu)?;

    let back = runtime::grouped_mm(&xs, &weight, &Tensor::new(&[4i64, 3], &Device::Cpu)?);
    assert!(message(back).contains("group 1 ends at 3"));

    let over = runtime::grouped_mm(&xs, &weight, &Tensor::new(&[4i64, 7], &Device::Cpu)?);
    assert!(message(over).contains("group 1 ends at 7"));
    Ok(())
}

#[test]
fn a_place_outside_of_an_image_is_an_error() -> Result<()> {
    let xs = Tensor::ones((1, 1, 1, 2), DType::F32, &Device::Cpu)?;
    let places = Tensor::new(&[0i64, 6], &Device::Cpu)?.reshape((1, 1, 1, 2))?;

    let found = runtime::max_unpool(&xs, &places, &[2, 3]);

    assert!(message(found).contains("place 6 of [2, 3]"));
    Ok(())
}

#[test]
fn a_class_that_there_is_not_is_an_error() -> Result<()> {
    let xs = Tensor::ones((1, 3), DType::F32, &Device::Cpu)?;
    let target = Tensor::new(&[3i64], &Device::Cpu)?;

    let nll = runtime::nll_loss(&xs, &target, None, 1, -100);
    assert!(message(nll).contains("class 3 of 3"));

    let cross = runtime::cross_entropy_loss(&xs, &target, None, 1, -100, 0.);
    assert!(message(cross).contains("class 3 of 3"));
    Ok(())
}

#[test]
fn a_matrix_without_an_inverse_is_an_error() -> Result<()> {
    let xs = Tensor::new(&[[1f32, 2.], [2., 4.]], &Device::Cpu)?;

    assert!(message(runtime::linalg_inv(&xs)).contains("singular"));
    let negative = (xs * -1.)?;
    assert!(message(runtime::linalg_cholesky(&negative, false)).contains("minor 1"));
    Ok(())
}

#[test]
fn a_row_that_a_table_has_not_is_an_error() -> Result<()> {
    let table = Tensor::ones((4, 2), DType::F32, &Device::Cpu)?;
    let ids = Tensor::new(&[1i64, 4], &Device::Cpu)?;
    let starts = Tensor::new(&[0i64], &Device::Cpu)?;

    let found = runtime::embedding_bag(&table, &ids, &starts, 0, None, false, None);

    assert!(message(found).contains("index 4 of 4 rows"));
    Ok(())
}

#[test]
fn windows_that_leave_a_place_without_weight_are_an_error() -> Result<()> {
    let xs = Tensor::ones((3, 4, 2), DType::F32, &Device::Cpu)?;
    let window = Tensor::new(&[0f32, 1., 1., 0.], &Device::Cpu)?;

    let found = runtime::istft(&xs, 4, 4, 4, Some(&window), false, false, None);

    assert!(message(found).contains("without weight"));
    Ok(())
}

#[test]
fn a_decomposition_of_what_is_not_finite_or_does_not_fit_is_an_error() -> Result<()> {
    let nan = Tensor::new(&[[f32::NAN, 1.], [1., 2.]], &Device::Cpu)?;
    let wide = Tensor::zeros((2, 3), DType::F32, &Device::Cpu)?;
    let zeros = Tensor::zeros((2, 2), DType::F32, &Device::Cpu)?;

    assert!(message(runtime::linalg_svd(&nan, true)).contains("not finite"));
    assert!(message(runtime::linalg_polar(&wide)).contains("more columns than rows"));
    assert!(message(runtime::linalg_pinv(&wide, 0., 0., true)).contains("not square"));
    assert!(message(runtime::linalg_matrix_rank(&wide, 0., 0., true)).contains("not square"));
    assert!(message(runtime::linalg_lu_factor_ex(&zeros, true, true)).contains("pivot 1"));
    Ok(())
}

#[test]
fn a_row_that_a_factored_matrix_does_not_have_is_an_error() -> Result<()> {
    let a = Tensor::new(&[[1f32, 0.], [0., 1.]], &Device::Cpu)?;
    let swaps = |rows: [i64; 2]| Tensor::new(&rows, &Device::Cpu);

    let lu = |rows| runtime::linalg_lu_solve(&a, &swaps(rows)?, &a, true, false);
    assert!(message(lu([0, 2])).contains("outside 1 to 2"));
    assert!(message(lu([1, 3])).contains("outside 1 to 2"));

    let ldl = |rows| runtime::linalg_ldl_solve(&a, &swaps(rows)?, &a);
    assert!(message(ldl([1, -3])).contains("outside 1 to 2"));
    assert!(message(ldl([-2, 2])).contains("a block of two rows has one"));
    Ok(())
}

#[test]
fn reflections_of_another_size_than_the_matrix_are_an_error() -> Result<()> {
    let zeros = |rows, columns| Tensor::zeros((rows, columns), DType::F32, &Device::Cpu);
    let tau = Tensor::zeros(2, DType::F32, &Device::Cpu)?;

    let found = runtime::ormqr(&zeros(3, 2)?, &tau, &zeros(2, 3)?, true, false);

    assert!(message(found).contains("2 reflections of 3 elements beside 2 x 3"));
    Ok(())
}
