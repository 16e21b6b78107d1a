"""Options that several commands have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

_F = TypeVar("_F", bound=Callable[..., Any])

PATH = click.Path(path_type=Path)


def manifest_option(function: _F) -> _F:
    """Adds `--manifest M`."""
    return click.option(
        "--manifest",
        required=True,
        metavar="M",
        type=PATH,
        help="What `pycandle record` wrote: NAME_manifest.json.",
    )(function)


def no_pass_option(function: _F) -> _F:
    """Adds `--no-pass NAME`."""
    return click.option(
        "--no-pass",
        multiple=True,
        metavar="NAME",
        help="Leave out a pass of the compiler. May be repeated.",
    )(function)


def check_passes(names: tuple[str, ...]) -> frozenset[str]:
    """Returns the names, or refuses those that no pass has or that cannot be left out."""
    if not names:
        return frozenset()
    from pycandle.passes.pipeline import PIPELINE, REQUIRED

    optional = [item.name for item in PIPELINE if item.name not in REQUIRED]
    refused = [name for name in names if name not in optional]
    if refused:
        raise click.UsageError(
            f"--no-pass: cannot leave out {', '.join(refused)}; can: {', '.join(optional)}"
        )
    return frozenset(names)
