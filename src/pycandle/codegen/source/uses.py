"""The `use` lines of a file, from the names that its code mentions."""

from __future__ import annotations

import re
from collections.abc import Set

from pycandle.lowering.layers import RUNTIME_LAYERS

_CORE = ("DType", "Device", "IndexOp", "Module", "Result", "Shape", "Tensor", "D")


def bare_code(text: str) -> str:
    """Returns Rust without its texts and its documentation."""
    return re.sub(r'"[^"\n]*"|///[^\n]*', "", text)


def used_paths(body: str, layers: Set[str], runtime: str = "runtime") -> list[str]:
    """Returns what the code of a file uses of Candle and of the runtime.

    `layers`: the names that its lowerings asked for; `runtime`: the path of the runtime's module.
    """
    code = bare_code(body)
    words = set(re.findall(r"\b[A-Za-z_][A-Za-z0-9_]*\b", code))
    core = [name for name in _CORE if name in words and name not in ("Module", "IndexOp")]
    if ".i(" in code:
        core.append("IndexOp")
    if "Module" in layers:
        core.append("Module")
    found: list[str] = []
    if core:
        found.append(f"candle_core::{{{', '.join(sorted(core))}}}")
    nn = {name for name in layers if name in words or name == "ModuleT"} - {"Module", *_CORE}
    own = nn & RUNTIME_LAYERS.keys()
    nn -= own
    if "VarBuilder" in words:
        nn.add("VarBuilder")
    if nn:
        found.append(f"candle_nn::{{{', '.join(sorted(nn))}}}")
    if own:
        found.append(f"{runtime}::{{{', '.join(sorted(own))}}}")
    return found
