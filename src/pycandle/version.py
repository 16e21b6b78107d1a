"""The version of PyCandle, and of what it generates for."""

VERSION = "0.1.0"

CANDLE_VERSION = "0.11.1"
"""The release of `candle-core` and `candle-nn` that generated code is written for."""

RUST_VERSION = "1.87"
"""The oldest compiler that Candle builds with."""
