use candle_core::{bail, DType, Result, Tensor};

/// Returns `xs` with NaN and the infinities replaced, those by the dtype's extremes if not said.
pub fn nan_to_num(
    xs: &Tensor,
    nan: f64,
    posinf: Option<f64>,
    neginf: Option<f64>,
) -> Result<Tensor> {
    let max = match xs.dtype() {
        DType::F64 => f64::MAX,
        DType::F32 => f32::MAX as f64,
        DType::F16 => 65504.0,
        DType::BF16 => f32::from_bits(0x7f7f_0000) as f64,
        dtype => bail!("nan_to_num: {dtype:?} is no float"),
    };
    let put = |ys: Tensor, mask: Tensor, value: f64| -> Result<Tensor> {
        let value = Tensor::new(value, xs.device())?.to_dtype(xs.dtype())?;
        mask.where_cond(&value.broadcast_as(xs.shape())?, &ys)
    };
    let ys = put(xs.clone(), xs.ne(xs)?, nan)?;
    let ys = put(ys, xs.eq(f64::INFINITY)?, posinf.unwrap_or(max))?;
    put(ys, xs.eq(f64::NEG_INFINITY)?, neginf.unwrap_or(-max))
}
