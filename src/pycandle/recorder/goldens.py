"""Reference tensors of a model on a real device: inputs, outputs and every module's output."""

from __future__ import annotations

from collections import Counter
from typing import Any

import torch

from pycandle.manifest.schema import Atom, Leaf, Tree
from pycandle.recorder.arguments import Arguments
from pycandle.recorder.export import called_as_forward
from pycandle.recorder.trees import output_paths, paths_of, tree_of


def run_with_goldens(
    model: torch.nn.Module, entry: str, arguments: Arguments
) -> dict[str, torch.Tensor]:
    """Runs the model once; returns `input/PATH`, `output/PATH` and `call/MODULE@N/PATH`."""
    # The model may write to its inputs: what it got is what the golden holds.
    found = {f"input/{path}": item.clone() for path, item in arguments.tensors.items()}
    counts: Counter[str] = Counter()
    open_calls: list[str] = []
    handles: list[Any] = []

    def before(path: str) -> Any:
        def hook(module: Any, args: Any) -> None:
            if torch.compiler.is_dynamo_compiling():
                # In a branch of a `cond`, where an export sees no calls of modules either.
                return
            open_calls.append(f"{path}@{counts[path]}")
            counts[path] += 1

        return hook

    def after(module: Any, args: Any, output: Any) -> None:
        if torch.compiler.is_dynamo_compiling():
            return
        found.update(tensors_of(output, f"call/{open_calls.pop()}"))

    for path, module in model.named_modules():
        handles.append(module.register_forward_pre_hook(before(path), prepend=True))
        handles.append(module.register_forward_hook(after))
    try:
        with torch.no_grad(), called_as_forward(model, entry):
            copies = {path: item.clone() for path, item in arguments.tensors.items()}
            passed = arguments.with_tensors(copies)
            output = model(*passed.args, **passed.kwargs)
    finally:
        for handle in handles:
            handle.remove()
    found.update(tensors_of(output, "output"))
    return found


def tensors_of(output: Any, prefix: str) -> dict[str, torch.Tensor]:
    """Returns copies of the tensors of an output by name: `PREFIX/output`, `PREFIX/FIELD` ..."""
    tensors: list[torch.Tensor] = []

    def leaf(value: Any) -> Tree | None:
        if not isinstance(value, torch.Tensor):
            return None
        tensors.append(value)
        # Not an integer, which an output may hold as well.
        return Leaf(Atom(node=str(len(tensors) - 1)))

    tree = tree_of(output, leaf)
    named = [path for path, item in output_paths(tree) if isinstance(item, Leaf)]
    values = [item.value for _, item in paths_of(tree, "") if isinstance(item, Leaf)]
    return {
        f"{prefix}/{path}": tensors[int(value.node)].detach().clone()
        for path, value in zip(named, values, strict=True)
        if isinstance(value, Atom) and value.node is not None
    }
