"""Where a checkpoint is: a path, or the address of a file elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, TypeAlias

_SCHEMES = ("https://", "http://", "hf://")


class Url(NamedTuple):
    """An address that is read by byte ranges; it behaves as far as needed as a path does."""

    text: str

    @property
    def name(self) -> str:
        """The last part of the path, without a query."""
        return self._path.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """The end of the name from its last dot."""
        dot = self.name.rfind(".")
        return self.name[dot:] if dot > 0 else ""

    def sibling(self, name: str) -> Url:
        """Returns the address of a file in the same directory; a query is kept."""
        query = self.text[len(self._path) :]
        return Url(f"{self._path.rpartition('/')[0]}/{name}{query}")

    @property
    def _path(self) -> str:
        return self.text.partition("?")[0].partition("#")[0]

    def __str__(self) -> str:
        # A query often holds a signature, which is nobody else's business.
        return self._path


Location: TypeAlias = Path | Url


def read_location(text: str | Location) -> Location:
    """Returns the address that a text is, or else the path."""
    if isinstance(text, str):
        return Url(text) if text.lower().startswith(_SCHEMES) else Path(text)
    return text


def sibling(location: Location, name: str) -> Location:
    """Returns the file of this name beside another."""
    # As the path was given: in a cache of the hub a file is a link into another directory.
    return location.sibling(name) if isinstance(location, Url) else location.parent / name
