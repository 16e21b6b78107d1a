//! Taps: what every call of every module returns, recorded or replaced by a reference's value.

use std::cell::RefCell;
use std::collections::HashMap;

use candle_core::{Result, Tensor};

/// What a tap does with the value that it sees.
#[derive(Default)]
pub enum Mode {
    /// Nothing.
    #[default]
    Off,
    /// Keeps it.
    Record,
    /// Keeps it, and hands on the value of the same name instead, where there is one.
    HandOn(HashMap<String, Tensor>),
}

#[derive(Default)]
struct Run {
    mode: Mode,
    calls: HashMap<String, usize>,
    values: Vec<(String, Tensor)>,
}

thread_local! {
    static RUN: RefCell<Run> = RefCell::default();
    static TABLES: RefCell<Vec<(String, Tensor)>> = RefCell::default();
}

/// Keeps a tensor that a model computes while it is built, under its name in the state dict.
pub fn table(prefix: &str, name: &str, value: &Tensor) {
    let dot = if prefix.is_empty() { "" } else { "." };
    let name = format!("state/{prefix}{dot}{name}");
    TABLES.with_borrow_mut(|tables| tables.push((name, value.clone())));
}

/// Returns what the loaded model computed while it was built.
pub fn tables() -> Vec<(String, Tensor)> {
    TABLES.with_borrow(Clone::clone)
}

/// Starts a run: calls count from 0 again, and nothing is recorded yet.
pub fn start(mode: Mode) {
    RUN.set(Run {
        mode,
        ..Run::default()
    });
}

/// Ends the run and returns what it recorded, by `call/MODULE@N/PATH`, in the order of returning.
pub fn finish() -> Vec<(String, Tensor)> {
    RUN.take().values
}

/// The place of a tap: a module.
#[derive(Debug, Clone)]
pub struct Point {
    module: String,
}

impl Point {
    /// `module` is the module's path in the state dict.
    pub fn new(module: impl Into<String>) -> Self {
        Self {
            module: module.into(),
        }
    }
}

/// A value that modules return: tensors, and containers of them.
pub trait Tapped: Sized {
    /// Replaces each tensor by what `visit` makes of it and its path.
    fn visit(self, path: &str, visit: &mut Visit<'_>) -> Result<Self>;
}

/// Takes a tensor and its path, and returns the tensor to go on with.
pub type Visit<'a> = dyn FnMut(&str, Tensor) -> Result<Tensor> + 'a;

impl Tapped for Tensor {
    fn visit(self, path: &str, visit: &mut Visit<'_>) -> Result<Self> {
        visit(path, self)
    }
}

impl<T: Tapped> Tapped for Option<T> {
    fn visit(self, path: &str, visit: &mut Visit<'_>) -> Result<Self> {
        self.map(|value| value.visit(path, visit)).transpose()
    }
}

impl<T: Tapped> Tapped for Vec<T> {
    fn visit(self, path: &str, visit: &mut Visit<'_>) -> Result<Self> {
        self.into_iter()
            .enumerate()
            .map(|(index, value)| value.visit(&format!("{path}.{index}"), visit))
            .collect()
    }
}

macro_rules! untapped {
    ($($type:ty),*) => {$(
        impl Tapped for $type {
            fn visit(self, _: &str, _: &mut Visit<'_>) -> Result<Self> {
                Ok(self)
            }
        }
    )*};
}

untapped!((), bool, usize, i64, f64);

macro_rules! tapped_tuple {
    ($($name:ident . $index:tt),*) => {
        impl<$($name: Tapped),*> Tapped for ($($name,)*) {
            fn visit(self, path: &str, visit: &mut Visit<'_>) -> Result<Self> {
                Ok(($(self.$index.visit(&format!("{path}.{}", $index), visit)?,)*))
            }
        }
    };
}

tapped_tuple!(A.0);
tapped_tuple!(A.0, B.1);
tapped_tuple!(A.0, B.1, C.2);
tapped_tuple!(A.0, B.1, C.2, D.3);
tapped_tuple!(A.0, B.1, C.2, D.3, E.4);
tapped_tuple!(A.0, B.1, C.2, D.3, E.4, F.5);
tapped_tuple!(A.0, B.1, C.2, D.3, E.4, F.5, G.6);
tapped_tuple!(A.0, B.1, C.2, D.3, E.4, F.5, G.6, H.7);

/// Runs the body of a module's `forward` and taps what it returns.
pub fn call<T: Tapped>(point: &Point, body: impl FnOnce() -> Result<T>) -> Result<T> {
    // The run is never borrowed while a body runs: the bodies of other modules are inside.
    let Some(name) = begin(point) else {
        return body();
    };
    let value = body().map_err(|error| error.context(format!("in module {name}")))?;
    value.visit(&format!("call/{name}/output"), &mut |path, tensor| {
        RUN.with_borrow_mut(|run| {
            // A copy of its own: a view would keep alive what it is a view of.
            run.values.push((path.to_string(), tensor.force_contiguous()?));
            match &run.mode {
                Mode::HandOn(reference) => match reference.get(path) {
                    Some(value) => value.to_dtype(tensor.dtype()),
                    None => Ok(tensor),
                },
                Mode::Off | Mode::Record => Ok(tensor),
            }
        })
    })
}

/// Counts the call and names it `MODULE@N`; None when taps are off.
fn begin(point: &Point) -> Option<String> {
    RUN.with_borrow_mut(|run| {
        if matches!(run.mode, Mode::Off) {
            return None;
        }
        let count = run.calls.entry(point.module.clone()).or_default();
        let name = format!("{}@{count}", point.module);
        *count += 1;
        Some(name)
    })
}
