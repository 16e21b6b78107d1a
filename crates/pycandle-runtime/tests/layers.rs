//! Layers that stand where Candle's would: made from a `VarBuilder`, and right far from 0.

use candle_core::{DType, Device, Module, Result, Tensor, D};
use candle_nn::VarBuilder;
use pycandle_runtime as runtime;
use std::collections::HashMap;

fn weights(size: usize, dtype: DType) -> Result<VarBuilder<'static>> {
    let weight = Tensor::arange(1f32, 1. + size as f32, &Device::Cpu)?;
    let named = [
        ("weight".to_string(), (&weight / size as f64)?),
        ("bias".to_string(), weight.neg()?),
    ];
    Ok(VarBuilder::from_tensors(
        HashMap::from(named),
        dtype,
        &Device::Cpu,
    ))
}

/// What a layer makes of a tensor, by its definition in `f64`.
fn expected(xs: &Tensor, vb: &VarBuilder, remove_mean: bool, bias: bool) -> Result<Tensor> {
    let size = xs.dim(D::Minus1)?;
    let xs = xs.to_dtype(DType::F64)?;
    let ys = match remove_mean {
        true => xs.broadcast_sub(&xs.mean_keepdim(D::Minus1)?)?,
        false => xs,
    };
    let scale = (ys.sqr()?.mean_keepdim(D::Minus1)? + 1e-5)?.sqrt()?;
    let ys = ys
        .broadcast_div(&scale)?
        .broadcast_mul(&vb.get(size, "weight")?.to_dtype(DType::F64)?)?;
    match bias {
        true => ys.broadcast_add(&vb.get(size, "bias")?.to_dtype(DType::F64)?),
        false => Ok(ys),
    }
}

fn distance(found: &Tensor, expected: &Tensor) -> Result<f64> {
    let difference = (found.to_dtype(DType::F64)? - expected.reshape(found.shape())?)?;
    difference.abs()?.max_all()?.to_scalar::<f64>()
}

#[test]
fn a_layer_norm_far_from_0_keeps_its_digits() -> Result<()> {
    let vb = weights(96, DType::F32)?;
    let xs = Tensor::randn(0f32, 1., (700, 96), &Device::Cpu)?;
    let xs = (xs + 1000.)?;

    let found = runtime::layer_norm(96, 1e-5, vb.clone())?.forward(&xs)?;

    assert!(distance(&found, &expected(&xs, &vb, true, true)?)? < 2e-5);
    Ok(())
}

#[test]
fn a_row_of_one_value_is_normalized_to_0() -> Result<()> {
    let vb = weights(768, DType::F32)?;
    for value in [0.1f32, 3.3, 1e4, 1e30] {
        let xs = Tensor::full(value, (2, 768), &Device::Cpu)?;

        let found = runtime::layer_norm_no_bias(768, 1e-5, vb.clone())?.forward(&xs)?;

        assert_eq!(found.abs()?.max_all()?.to_scalar::<f32>()?, 0.);
    }
    Ok(())
}

#[test]
fn a_strided_input_is_normalized_as_it_stands() -> Result<()> {
    let vb = weights(6, DType::F32)?;
    let xs = Tensor::randn(0f32, 1., (6, 5), &Device::Cpu)?.t()?;

    let found = runtime::layer_norm(6, 1e-5, vb.clone())?.forward(&xs)?;

    assert!(distance(&found, &expected(&xs, &vb, true, true)?)? < 2e-6);
    Ok(())
}

#[test]
fn half_floats_are_summed_in_more_digits() -> Result<()> {
    for (dtype, allowed) in [(DType::BF16, 4e-2), (DType::F16, 4e-3)] {
        let vb = weights(8, dtype)?;
        let xs = (Tensor::randn(0f32, 1., (4, 8), &Device::Cpu)? + 8.)?.to_dtype(dtype)?;

        let found = runtime::layer_norm(8, 1e-5, vb.clone())?.forward(&xs)?;

        assert_eq!(found.dtype(), dtype);
        assert!(distance(&found, &expected(&xs, &vb, true, true)?)? < allowed);
    }
    Ok(())
}

#[test]
fn an_rms_norm_is_that_of_its_definition() -> Result<()> {
    let vb = weights(4096, DType::F32)?;
    let xs = Tensor::full(0.1f32, (40, 4096), &Device::Cpu)?;

    let found = runtime::rms_norm(4096, 1e-5, vb.clone())?.forward(&xs)?;

    assert!(distance(&found, &expected(&xs, &vb, false, false)?)? < 2e-7);
    Ok(())
}

#[test]
fn rms_norms_round_half_floats_before_or_after_they_scale() -> Result<()> {
    let row = |row: [f32; 4]| Tensor::new(&[row], &Device::Cpu)?.to_dtype(DType::BF16);
    let vb = |row: [f32; 4]| -> Result<VarBuilder> {
        let weight = Tensor::new(&row, &Device::Cpu)?;
        let named = HashMap::from([("weight".to_string(), weight)]);
        Ok(VarBuilder::from_tensors(named, DType::BF16, &Device::Cpu))
    };
    let scale = vb([1.34375, 1.3671875, 1.9140625, 1.5])?;
    let offset = vb([0.34375, 0.3671875, 0.9140625, 0.5])?;
    // What PyTorch gives, digit by digit.
    let rounded = row([0.404_296_88, -0.824_218_75, 1.7265625, 2.484375])?;
    let scaled = row([0.404_296_88, -0.820_312_5, 1.7265625, 2.484375])?;

    for (norm, expected) in [
        (runtime::rounded_rms_norm(4, 1e-5, scale.clone())?, &rounded),
        (runtime::rms_norm(4, 1e-5, scale)?, &scaled),
        (runtime::offset_rms_norm(4, 1e-5, offset)?, &scaled),
    ] {
        let found = norm.forward(&row([1., -2., 3., 5.5])?)?;

        assert_eq!(found.dtype(), DType::BF16);
        assert_eq!(distance(&found, &expected.to_dtype(DType::F64)?)?, 0.);
    }
    Ok(())
}

#[test]
fn a_group_norm_scales_each_channel() -> Result<()> {
    let vb = weights(4, DType::F32)?;
    let xs = (Tensor::randn(0f32, 1., (3, 4, 5, 2), &Device::Cpu)? + 100.)?;

    let found = runtime::group_norm(2, 4, 1e-5, vb.clone())?.forward(&xs)?;

    let groups = xs.to_dtype(DType::F64)?.reshape((3, 2, 20))?;
    let groups = groups.broadcast_sub(&groups.mean_keepdim(2)?)?;
    let scale = (groups.sqr()?.mean_keepdim(2)? + 1e-5)?.sqrt()?;
    let plain = groups.broadcast_div(&scale)?.reshape((3, 4, 10))?;
    let [weight, bias] = ["weight", "bias"].map(|name| vb.get(4, name)?.to_dtype(DType::F64));
    let exact = plain
        .broadcast_mul(&weight?.reshape((4, 1))?)?
        .broadcast_add(&bias?.reshape((4, 1))?)?;
    assert!(distance(&found, &exact)? < 1e-5);
    Ok(())
}

#[test]
fn weights_of_another_size_are_an_error() -> Result<()> {
    let vb = weights(8, DType::F32)?;
    let xs = Tensor::zeros((2, 9), DType::F32, &Device::Cpu)?;

    for layer in [
        Box::new(runtime::layer_norm(8, 1e-5, vb.clone())?) as Box<dyn Module>,
        Box::new(runtime::rms_norm(8, 1e-5, vb.clone())?),
        Box::new(runtime::rounded_rms_norm(8, 1e-5, vb.clone())?),
        Box::new(runtime::offset_rms_norm(8, 1e-5, vb.clone())?),
        Box::new(runtime::group_norm(4, 8, 1e-5, vb.clone())?),
    ] {
        assert!(layer.forward(&xs).is_err());
    }
    assert!(runtime::group_norm(3, 8, 1e-5, vb).is_err());
    Ok(())
}
