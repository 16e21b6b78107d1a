"""Which sizes of the inputs go with which settings: an image's with `img_size`, channels ..."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pycandle.recorder.settings import Value

LARGEST_FACTOR = 4
"""A size may be so many times a setting."""

Dim = tuple[str, int]
"""Path of an input, and dim."""


@dataclass
class InputSizes:
    """Sizes of inputs that have to change with settings, found by trying."""

    shapes: Mapping[str, list[int]]
    values: Mapping[str, Value]
    known: dict[str, tuple[Dim, ...]] = field(default_factory=dict[str, "tuple[Dim, ...]"])
    """The dims that change with a setting."""

    def attempts(
        self, changes: Mapping[str, Value]
    ) -> Iterator[tuple[dict[str, list[int]], dict[str, tuple[Dim, ...]]]]:
        """Yields shapes to try, with what they assume: the known ones, then those with more."""
        known = {path: self.known[path] for path in changes if path in self.known}
        yield self._shapes(changes, known), known
        for path in changes:
            dims = self._candidates(path) if path not in self.known else ()
            for chosen in dict.fromkeys([dims, *((dim,) for dim in dims)]):
                if chosen:
                    assumed = {**known, path: chosen}
                    yield self._shapes(changes, assumed), assumed

    def are_equal(self, assumed: Mapping[str, tuple[Dim, ...]]) -> bool:
        """Whether each dim that is assumed to change with a setting has the setting's very size."""
        return all(
            self.shapes[name][dim] == self.values[path]
            for path, dims in assumed.items()
            for name, dim in dims
        )

    def _candidates(self, path: str) -> tuple[Dim, ...]:
        value = self.values[path]
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            return ()
        return tuple(
            (name, dim)
            for name, shape in self.shapes.items()
            for dim, size in enumerate(shape)
            if size % value == 0 and size // value <= LARGEST_FACTOR
        )

    def _shapes(
        self, changes: Mapping[str, Value], assumed: Mapping[str, tuple[Dim, ...]]
    ) -> dict[str, list[int]]:
        shapes = {name: list(shape) for name, shape in self.shapes.items()}
        for path, dims in assumed.items():
            before, after = self.values[path], changes[path]
            assert isinstance(before, int)
            assert isinstance(after, int)
            for name, dim in dims:
                shapes[name][dim] = self.shapes[name][dim] // before * after
        return shapes
