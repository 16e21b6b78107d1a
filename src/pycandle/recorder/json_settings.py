"""How settings are written in a model's own `config.json`: names, and what holds if left out."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pycandle.formulas import constant, render
from pycandle.learning.solving import Solver
from pycandle.manifest.learned import JsonSetting, Learned
from pycandle.recorder.settings import Settings, Value
from pycandle.recorder.spellings import deciding_keys, other_keys, other_names

VARIATIONS = 12
"""Configurations by which a default is told: as it is, and with other values."""
LEAST = 3
"""So many of them must not be refused by the class."""


class JsonSettings:
    """A configuration class, tried with other contents of `config.json`; no model is built."""

    def __init__(self, settings: Settings) -> None:
        """`settings`: those of a model that is built from a configuration object."""
        self.settings = settings
        self.config: Any = settings.configuration_object()
        self.cls: Any = type(self.config)

    def contents(self, paths: Sequence[str]) -> dict[str, Any] | None:
        """Returns what the file holds; None where it does not give `paths` their values."""
        to_dict = getattr(self.config, "to_dict", None)
        try:
            found = to_dict() if to_dict is not None else copy.deepcopy(vars(self.config))
        except Exception:
            return None
        found = {name: value for name, value in found.items() if not name.startswith("_")}
        read = self.read(found)
        values = self.settings.values
        same = read is not None and all(read.get(path) == values[path] for path in paths)
        return found if same else None

    def read(self, contents: Mapping[str, Any]) -> dict[str, Value] | None:
        """Returns the settings that contents of a file give; None where the class refuses them."""
        copied = copy.deepcopy(dict(contents))
        try:
            if hasattr(self.cls, "from_dict"):
                made = self.cls.from_dict(copied)
            else:
                made = self.cls(**copied)
            return self.settings.flat(made)
        except Exception:
            return None


def json_settings(settings: Settings, learned: Learned) -> list[JsonSetting]:
    """Returns how each free or required setting is written; none where there is no such file.

    Then the keys that are none of them and change them, which are not read.
    """
    if settings.config is None:
        return []
    reader = JsonSettings(settings)
    lists = [item.setting for item in learned.kinds]
    paths = [*learned.settings, *lists, *(item.path for item in learned.required)]
    contents = reader.contents(paths)
    if contents is None:
        return []
    found: list[JsonSetting] = []
    free = set(learned.settings)
    for path in learned.settings:
        default = _default(reader, contents, path, learned.settings)
        names = list(_names(reader, contents, path))
        if default is not None and _is_decided(reader, contents, path, names):
            default = None
        found.append(JsonSetting(path, names, default))
    for path in lists:
        found.append(JsonSetting(path, list(_names(reader, contents, path))))
        free.add(path)
    required = [item.path for item in learned.required]
    # What no checkpoint holds is read from the weights file, which is that of the recording.
    computed = [path for paths in learned.computed.values() for path in paths]
    for path in dict.fromkeys(item for item in [*required, *computed] if item not in free):
        names = list(_names(reader, contents, path))
        or_none = _may_be_absent(reader, contents, path, learned.settings)
        or_none = or_none and not _is_decided(reader, contents, path, names)
        found.append(JsonSetting(path, names, None, or_none))
    named = {name.partition(".")[0] for item in found for name in item.names}
    paths = [item.path for item in found]
    for key in other_keys(reader.cls, reader.read, contents, paths, named):
        found.append(JsonSetting(key, [key], None, may_be_absent=True))
    return found


def _may_be_absent(
    reader: JsonSettings, contents: Mapping[str, Any], path: str, free: Sequence[str]
) -> bool:
    """Whether a setting that is left out has the recorded value, also beside other free ones."""
    draw = random.Random(0)
    recorded = reader.settings.values[path]
    bare = _without(contents, path)
    for variation in range(VARIATIONS):
        read = reader.read(_varied(bare, free if variation else (), draw))
        if read is None and variation:
            continue
        if read is None or not _is_same(read.get(path), recorded):
            return False
    return True


def _is_same(value: Value, recorded: Value) -> bool:
    """Whether values are equal; lists of one item again and again may differ in length."""
    if isinstance(value, list | tuple) and isinstance(recorded, list | tuple):
        items = {repr(item) for item in recorded}
        return value == recorded or (len(items) == 1 and {repr(item) for item in value} == items)
    return value == recorded


def _is_decided(
    reader: JsonSettings, contents: Mapping[str, Any], path: str, names: Sequence[str]
) -> bool:
    """Whether a key that is no setting decides what a setting is that is left out."""
    known = {name.partition(".")[0] for name in names}
    keys = deciding_keys(reader.cls, reader.read, _without(contents, path), path, known)
    return next(keys, None) is not None


def _without(contents: Mapping[str, Any], path: str) -> dict[str, Any]:
    found = copy.deepcopy(dict(contents))
    *parents, last = path.split(".")
    inside: Any = found
    for name in parents:
        inside = inside.get(name) if isinstance(inside, dict) else None
    if isinstance(inside, dict):
        inside.pop(last, None)
    return found


def _names(reader: JsonSettings, contents: Mapping[str, Any], path: str) -> Iterator[str]:
    """Yields the names under which a setting is read: its path, then others that were tried."""
    yield path
    value = reader.settings.values[path]
    yield from other_names(reader.cls, reader.read, _without(contents, path), path, value)


def _default(
    reader: JsonSettings, contents: Mapping[str, Any], path: str, settings: Sequence[str]
) -> str | None:
    """Returns the formula of a setting that is left out; None where there is no default."""
    draw = random.Random(0)
    rows: list[dict[str, Value]] = []
    for variation in range(VARIATIONS):
        others = [other for other in settings if variation and other != path]
        changed = _varied(contents, others, draw)
        read = reader.read(_without(changed, path))
        if read is not None and _is_number(read.get(path)):
            rows.append(read)
    if len(rows) < LEAST:
        return None
    return _formula_of(rows, path, settings)


def _varied(
    contents: Mapping[str, Any], paths: Sequence[str], draw: random.Random
) -> dict[str, Any]:
    """Returns contents with other integers; lists with an item for each layer are as long."""
    found = copy.deepcopy(dict(contents))
    for path in paths:
        value = found.get(path)
        if type(value) is int:
            found[path] = value * draw.choice((2, 3, 4, 6))
            for name, items in contents.items():
                if isinstance(items, list) and len(items) == value:  # pyright: ignore[reportUnknownArgumentType]
                    found[name] = [items[i % value] for i in range(found[path])]
    return found


def _formula_of(rows: Sequence[dict[str, Value]], path: str, settings: Sequence[str]) -> str | None:
    """Returns the smallest formula that gives a setting in all rows."""
    values: list[Any] = [row[path] for row in rows]
    if all(value == values[0] for value in values):
        return render(constant(values[0]))
    others: dict[str, Any] = {
        other: tuple(row[other] for row in rows)
        for other in settings
        if other != path and all(_is_number(row.get(other)) for row in rows)
    }
    found = Solver(others).solve(tuple(values), tuple(others))
    return None if found is None else render(found.formula)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
