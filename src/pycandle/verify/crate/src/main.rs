//! Runs a generated model on tensors in safetensors files.
//!
//! harness MODEL ENTRY DTYPE MODE WEIGHTS [INPUTS OUTPUTS [REFERENCE]]...
//!
//! MODE is `plain`, `record` or `own`; `own` takes a REFERENCE of `call/MODULE@N/PATH` per set.
//! A set that fails leaves the reason in OUTPUTS with the extension `error`, and the next one runs.

mod models;
mod tap;

use std::collections::HashMap;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use candle_core::{bail, safetensors, DType, Device, Result, Tensor};
use candle_nn::VarBuilder;

/// A loaded model: takes inputs by path, returns outputs by path.
pub type Forward = Box<dyn Fn(&Inputs) -> Result<Vec<(&'static str, Tensor)>>>;

/// The inputs of one set, by path.
pub struct Inputs(HashMap<String, Tensor>);

impl Inputs {
    /// Returns the input at `path`.
    pub fn get(&self, path: &str) -> Result<&Tensor> {
        match self.0.get(path) {
            Some(tensor) => Ok(tensor),
            None => bail!("the inputs have no `{path}`"),
        }
    }
}

struct Job {
    model: usize,
    entry: String,
    dtype: DType,
    mode: String,
    weights: PathBuf,
    sets: Vec<Vec<PathBuf>>,
}

fn main() -> ExitCode {
    match parse(std::env::args_os().skip(1).map(PathBuf::from).collect()).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn parse(args: Vec<PathBuf>) -> Result<Job> {
    if args.len() < 5 {
        bail!("expected MODEL ENTRY DTYPE MODE WEIGHTS, got {} arguments", args.len());
    }
    let text = |index: usize| args[index].to_string_lossy().into_owned();
    let mode = text(3);
    let width = match mode.as_str() {
        "plain" | "record" => 2,
        "own" => 3,
        _ => bail!("unknown mode `{mode}`"),
    };
    if (args.len() - 5) % width != 0 {
        bail!("a set takes {width} files in mode `{mode}`");
    }
    Ok(Job {
        model: text(0).parse().map_err(candle_core::Error::wrap)?,
        entry: text(1),
        dtype: text(2).parse().map_err(candle_core::Error::wrap)?,
        mode,
        weights: args[4].clone(),
        sets: args[5..].chunks(width).map(<[PathBuf]>::to_vec).collect(),
    })
}

fn run(job: Job) -> Result<()> {
    let start = Instant::now();
    // SAFETY: nothing writes to the file while this process runs.
    let vb = unsafe {
        VarBuilder::from_mmaped_safetensors(&[&job.weights], job.dtype, &Device::Cpu)?
    };
    let forward = models::load(job.model, &job.entry, vb)?;
    println!("load {:.6}", start.elapsed().as_secs_f64());
    for files in &job.sets {
        let done = catch_unwind(AssertUnwindSafe(|| run_set(&forward, &job.mode, files)));
        let failure = match done {
            Ok(Ok(seconds)) => {
                println!("forward {seconds:.6}");
                continue;
            }
            Ok(Err(error)) => error.to_string(),
            Err(panic) => format!("panicked: {}", panic_text(&*panic)),
        };
        println!("failed");
        std::fs::write(files[1].with_extension("error"), failure)?;
    }
    Ok(())
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a message")
}

/// Returns the seconds that `forward` took.
fn run_set(forward: &Forward, mode: &str, files: &[PathBuf]) -> Result<f64> {
    let inputs = Inputs(load(&files[0])?);
    tap::start(match mode {
        "record" => tap::Mode::Record,
        "own" => tap::Mode::HandOn(load(&files[2])?),
        _ => tap::Mode::Off,
    });
    let start = Instant::now();
    let outputs = forward(&inputs)?;
    let seconds = start.elapsed().as_secs_f64();
    let mut tensors: HashMap<String, Tensor> = tap::finish().into_iter().collect();
    for (path, tensor) in outputs {
        tensors.insert(format!("output/{path}"), tensor.force_contiguous()?);
    }
    if mode == "record" {
        for (name, tensor) in tap::tables() {
            tensors.insert(name, tensor.force_contiguous()?);
        }
    }
    safetensors::save(&tensors, &files[1])?;
    Ok(seconds)
}

fn load(file: &Path) -> Result<HashMap<String, Tensor>> {
    safetensors::load(file, &Device::Cpu)
}
