//! Runs the model on tensors in a safetensors file.
//!
//! cargo run --release --example run -- WEIGHTS INPUTS OUTPUTS

use std::collections::HashMap;
use std::path::PathBuf;

use candle_core::{{bail, safetensors, DType, Device, Result, Tensor}};
use candle_nn::VarBuilder;
use {crate_name}::{{Config, {root}}};

/// The inputs, by the names of `forward`'s parameters.
const INPUTS: [&str; {count}] = [{inputs}];

fn main() -> Result<()> {{
    let args: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [weights, inputs, outputs] = args.as_slice() else {{
        bail!("usage: run WEIGHTS INPUTS OUTPUTS")
    }};
    let device = Device::cuda_if_available(0)?;
    // SAFETY: the file must not change while it is mapped.
    let vb = unsafe {{ VarBuilder::from_mmaped_safetensors(&[weights], DType::{dtype}, &device)? }};
    let model = {root}::new(&Config::recorded(), vb)?;
    let given = safetensors::load(inputs, &device)?;
    for name in INPUTS {{
        if !given.contains_key(name) {{
            bail!("{{}} has no tensor `{{name}}`", inputs.display())
        }}
    }}
    let out = model.forward({arguments})?;
    let found: HashMap<String, Tensor> = HashMap::from([{results}]);
    safetensors::save(&found, outputs)
}}
