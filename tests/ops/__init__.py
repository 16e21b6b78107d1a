"""Every lowering against PyTorch: rows of data, one crate, one build, one run."""
