"""The Rust of a few tiny models, to be read as code."""
