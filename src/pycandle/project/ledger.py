"""Remembers what `init` wrote, so that a file that the user changed is never overwritten."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pycandle.errors import Place, refusal
from pycandle.version import VERSION


@dataclass(frozen=True)
class Ledger:
    """The hashes of the files as they were written, by path in `.pycandle/`."""

    files: dict[str, str] = field(default_factory=dict[str, str])


def read_ledger(path: Path) -> Ledger:
    """Reads the ledger; an empty one where there is none."""
    if not path.exists():
        return Ledger()
    try:
        document = json.loads(path.read_text("utf-8"))
        return Ledger({str(name): str(value) for name, value in document["files"].items()})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise refusal(
            "ledger",
            "this is not what `pycandle init` wrote",
            place=Place(file=str(path)),
            hint="delete it: every file that differs from PyCandle's then counts as yours",
        ) from error


def ledger_text(files: Mapping[str, str]) -> str:
    """Returns the ledger's text for hashes by path."""
    document = {"pycandle": VERSION, "files": dict(sorted(files.items()))}
    return json.dumps(document, indent=1) + "\n"


def digest(text: str) -> str:
    """Returns the hash of a text whose line endings do not count."""
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()
