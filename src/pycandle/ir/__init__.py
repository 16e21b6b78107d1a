"""The compiler's own representation of an exported program. Knows no Candle and no Rust."""
