"""How the textual form spells names, numbers and dtypes; printer and parser agree here."""

import json
import re

from pycandle.dtypes import DTYPES

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*", re.ASCII)
"""What needs no quotes: an identifier, or several joined by dots."""

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)

RESERVED = frozenset({"None", "True", "False", "inf", "nan", "max", "min", "complex", "dtype"})
"""Words that are no names of values or symbols where an argument stands."""

KEYWORD_KINDS = frozenset({"device", "layout", "memory_format"})

BINDING = {"+": 0, "-": 0, "*": 1, "//": 1, "%": 1}
"""How strongly the operators of sizes bind."""

_KINDS = {"float": "f", "int": "i", "bfloat": "bf", "uint": "u", "complex": "c"}


def _short(name: str) -> str:
    match = re.fullmatch(r"([a-z]+)([0-9]+)", name)
    return f"{_KINDS[match[1]]}{match[2]}" if match and match[1] in _KINDS else name


SHORT_DTYPES = {name: _short(name) for name in DTYPES}
"""`float32` is `f32`, `bool` is `bool`; by torch's name."""

LONG_DTYPES = {short: name for name, short in SHORT_DTYPES.items()}


def quote(text: str) -> str:
    """Returns a string literal, as JSON has it, in ASCII."""
    return json.dumps(text)


def word(text: str) -> str:
    """Returns a name of anything but a value, in quotes where it needs them."""
    plain = WORD.fullmatch(text) or (text.isascii() and text.isdigit() and str(int(text)) == text)
    return text if plain else quote(text)
