"""Rust source as a tree: expressions, statements and items. Knows no torch and no tensors."""
