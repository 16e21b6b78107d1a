//! What generated code may need and Candle lacks.
//!
//! One file an op, with the op's name and its arguments in the schema's order; no file uses
//! another, so that a port takes just the files that it calls.

#![forbid(unsafe_code)]

