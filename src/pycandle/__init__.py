"""Ports PyTorch models to Rust on Candle, and proves that the Rust is right."""
