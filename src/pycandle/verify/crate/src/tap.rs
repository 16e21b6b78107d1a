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

/// Makes a value of a struct with a tap, from the plain one that is written on one line.
macro_rules! made {
    ($module:expr, Ok(Self { $($fields:tt)* })) => {
        Ok(Self { __tap: $crate::tap::Point::new($module), $($fields)* })
    };
}
#[allow(unused_imports)]
pub(crate) use made;

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

/// Implements `Tapped` for tuples of 1 element, of 2, and so on.
macro_rules! tapped_tuples {
    (@ $($name:ident . $index:tt)*) => {
        impl<$($name: Tapped),*> Tapped for ($($name,)*) {
            fn visit(self, path: &str, visit: &mut Visit<'_>) -> Result<Self> {
                Ok(($(self.$index.visit(&format!("{path}.{}", $index), visit)?,)*))
            }
        }
    };
    ([$($done:tt)*]) => {};
    ([$($done:tt)*] $name:ident . $index:tt $($left:tt)*) => {
        tapped_tuples!(@ $($done)* $name . $index);
        tapped_tuples!([$($done)* $name . $index] $($left)*);
    };
}

tapped_tuples!([]
    T0.0 T1.1 T2.2 T3.3 T4.4 T5.5 T6.6 T7.7
    T8.8 T9.9 T10.10 T11.11 T12.12 T13.13 T14.14 T15.15
    T16.16 T17.17 T18.18 T19.19 T20.20 T21.21 T22.22 T23.23
    T24.24 T25.25 T26.26 T27.27 T28.28 T29.29 T30.30 T31.31
    T32.32 T33.33 T34.34 T35.35 T36.36 T37.37 T38.38 T39.39
    T40.40 T41.41 T42.42 T43.43 T44.44 T45.45 T46.46 T47.47
    T48.48 T49.49 T50.50 T51.51 T52.52 T53.53 T54.54 T55.55
    T56.56 T57.57 T58.58 T59.59 T60.60 T61.61 T62.62 T63.63
);

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
