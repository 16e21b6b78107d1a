"""Every lowering against PyTorch's own database of samples."""
