"""The modules of a model, and the versions of the packages that they come from."""

from __future__ import annotations

import importlib.metadata
import inspect
import sys
from collections.abc import Iterable
from functools import cache

import torch

from pycandle.manifest.schema import Frame, Module
from pycandle.recorder.sources import portable_path
from pycandle.recorder.trees import class_name


def module_rows(model: torch.nn.Module) -> list[Module]:
    """Returns a row for each module, under the path that `named_modules()` gives it first."""
    aliases: dict[int, list[str]] = {}
    for path, module in model.named_modules(remove_duplicate=False):
        aliases.setdefault(id(module), []).append(path)
    return [_row(path, module, aliases[id(module)][1:]) for path, module in model.named_modules()]


def _row(path: str, module: torch.nn.Module, aliases: list[str]) -> Module:
    file, line = _source(type(module))
    container = None
    # A subclass with a `forward` of its own is a module that happens to be a container.
    if type(module).forward is torch.nn.Sequential.forward:
        container = "sequential"
    elif isinstance(module, torch.nn.ModuleList):
        container = "list"
    elif isinstance(module, torch.nn.ModuleDict):
        container = "dict"
    return Module(path, class_name(type(module)), container, file, line, aliases)


@cache
def _source(cls: type) -> tuple[str | None, int | None]:
    try:
        file = inspect.getsourcefile(cls)
        line = inspect.getsourcelines(cls)[1]
    except (OSError, TypeError):
        return None, None
    return (portable_path(file), line) if file else (None, None)


def package_versions(model: torch.nn.Module, frames: Iterable[Frame]) -> dict[str, str]:
    """Returns the versions of torch and of the packages whose code makes up the model."""
    names = {type(module).__module__.split(".")[0] for module in model.modules()}
    for frame in frames:
        root, _, rest = frame.file.partition("/")
        if root == "site-packages":
            names.add(rest.split("/")[0].removesuffix(".py"))
    names -= set(sys.stdlib_module_names) | {"__main__", "torch"}
    distributions = importlib.metadata.packages_distributions()
    found = {
        distribution: importlib.metadata.version(distribution)
        for name in names
        for distribution in distributions.get(name, ())
    }
    # The build (`+cpu`, `+cu130`) is a property of the machine, not of the model.
    return {"torch": torch.__version__.split("+")[0], **dict(sorted(found.items()))}
