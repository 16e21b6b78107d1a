"""Whether a decoder returns its cache: a run on meta tells it sooner than an export."""

from __future__ import annotations

from typing import Any

import torch

from pycandle.manifest.schema import Atom, Leaf, Tree
from pycandle.recorder.arguments import Arguments, register_dataclass
from pycandle.recorder.capture import LiteralsOnCpu, OpaqueOutput, check_output
from pycandle.recorder.export import called_as_forward
from pycandle.recorder.shadow import suspended
from pycandle.recorder.trees import tree_of


def returned_cache(model: torch.nn.Module, entry: str, arguments: Arguments) -> OpaqueOutput | None:
    """Returns what is opaque in the output of a model on meta that could leave out its cache.

    None where there is nothing, and where a run on meta does not tell: the export will.
    """
    if "use_cache" not in arguments.signature.parameters or "use_cache" in arguments.bound():
        return None
    try:
        with suspended(), torch.no_grad(), LiteralsOnCpu(), called_as_forward(model, entry):
            output = model(*arguments.args, **arguments.kwargs)
        register_dataclass(output)
        check_output(tree_of(output, _leaf))
    except OpaqueOutput as opaque:
        return opaque
    except Exception:
        # Many models need more than meta: `.item()`, tables on the CPU.
        return None
    return None


def _leaf(value: Any) -> Tree | None:
    return Leaf(Atom(node="#")) if isinstance(value, torch.Tensor) else None
