"""Verifies generated Rust against PyTorch, and runs it."""

from pycandle.verify.failures import InternalError
from pycandle.verify.html import write_html
from pycandle.verify.report import render_text, to_data
from pycandle.verify.results import CallResult, SetResult, Verification
from pycandle.verify.run import run
from pycandle.verify.tolerance import Comparison
from pycandle.verify.verification import verify

__all__ = [
    "CallResult",
    "Comparison",
    "InternalError",
    "SetResult",
    "Verification",
    "render_text",
    "run",
    "to_data",
    "verify",
    "write_html",
]
