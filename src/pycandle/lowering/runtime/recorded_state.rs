//! Reads state that is not in a checkpoint, or whose dtype is not the model's.

use candle_core::{bail, DType, Result, Shape, Tensor};
use candle_nn::VarBuilder;

/// Returns a buffer or constant in the dtype that it was recorded in.
pub fn recorded_state(
    vb: &VarBuilder,
    shape: impl Into<Shape>,
    name: &str,
    dtype: DType,
) -> Result<Tensor> {
    if !vb.contains_tensor(name) {
        let prefix = vb.prefix();
        bail!("`{prefix}.{name}` is not in the weights; `pycandle extract` writes it there")
    }
    vb.get_with_hints_dtype(shape, name, Default::default(), dtype)
}
