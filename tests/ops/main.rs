//! Runs the rows in `plan.txt` on the tensors in `inputs.safetensors`.
//!
//! A line of the plan: `RUN CASE DTYPE SIZES INPUT..`, where SIZES are joined by commas and INPUT is
//! a tensor's name with the views that make the argument of it, joined by `;`.

#![deny(warnings)]

mod cases;
mod runtime;

use candle_core::{DType, Device, Result, Tensor};
use std::collections::HashMap;
use std::panic::{catch_unwind, AssertUnwindSafe};

const SOURCE: &str = include_str!("../source.txt");

/// What stands for a tensor that an expression computes.
#[allow(dead_code)] // Not every program has one.
fn same(tensor: &Tensor) -> Result<Tensor> {
    Ok(tensor.clone())
}

fn numbers(text: &str, separator: char) -> Vec<usize> {
    let parts = text.split(separator).filter(|part| !part.is_empty() && *part != "-");
    parts.map(|part| part.parse().unwrap()).collect()
}

fn argument(text: &str, stored: &HashMap<String, Tensor>) -> Result<Tensor> {
    let mut parts = text.split(';');
    let mut tensor = stored[parts.next().unwrap()].clone();
    for view in parts {
        let (kind, rest) = view.split_once(':').unwrap();
        tensor = match kind {
            "t" => {
                let dims = numbers(rest, ':');
                tensor.transpose(dims[0], dims[1])?
            }
            "n" => {
                let n = numbers(rest, ':');
                tensor.narrow(n[0], n[1], n[2])?
            }
            _ => tensor.broadcast_as(numbers(rest, 'x'))?,
        };
    }
    Ok(tensor)
}

fn run(words: &[&str], stored: &HashMap<String, Tensor>) -> Result<Vec<Tensor>> {
    let case: usize = words[1].parse().unwrap();
    let dtype = match words[2] {
        "bfloat16" => DType::BF16,
        "float16" => DType::F16,
        _ => DType::F32,
    };
    let sizes = numbers(words[3], ',');
    let inputs = words[4..].iter().map(|text| argument(text, stored));
    let inputs = inputs.collect::<Result<Vec<_>>>()?;
    cases::CASES[case](&inputs, &sizes, dtype, &Device::Cpu)
}

/// `c` contiguous, `s` strided, `b` with a stride of 0.
fn layout(tensor: &Tensor) -> char {
    let strides = tensor.dims().iter().zip(tensor.stride());
    if tensor.is_contiguous() {
        'c'
    } else if strides.into_iter().any(|(size, stride)| *size > 1 && *stride == 0) {
        'b'
    } else {
        's'
    }
}

fn main() -> Result<()> {
    std::panic::set_hook(Box::new(|_| {}));
    let stored = candle_core::safetensors::load("inputs.safetensors", &Device::Cpu)?;
    let mut outputs = HashMap::new();
    let mut report = format!("{SOURCE}\n");
    for line in std::fs::read_to_string("plan.txt")?.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        match catch_unwind(AssertUnwindSafe(|| run(&words, &stored))) {
            Ok(Ok(results)) => {
                let layouts: String = results.iter().map(layout).collect();
                report += &format!("{} ok {layouts}\n", words[0]);
                for (index, tensor) in results.into_iter().enumerate() {
                    outputs.insert(format!("{}/{index}", words[0]), tensor.force_contiguous()?);
                }
            }
            Ok(Err(error)) => {
                let error = error.to_string().replace('\n', " ");
                report += &format!("{} error {error}\n", words[0]);
            }
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                let text = text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("?");
                report += &format!("{} panic {}\n", words[0], text.replace('\n', " "));
            }
        }
    }
    candle_core::safetensors::save(&outputs, "outputs.safetensors")?;
    std::fs::write("report.txt", report)
        .map_err(candle_core::Error::from)
}
