"""`int` and functions of `math` that keep the formula of a number, for the code of one package.

Python lets no class say what `int(x)` is but a plain integer: code that rounds a number of channels
would compare and compute with numbers of which nothing is known.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from pycandle.formulas import FormulaError
from pycandle.recorder.tracked import ROUNDED, function_of, is_tracked


def _rounded(value: Any) -> Any:
    """Returns `int` of a float; what that is of is noted as well."""
    found = function_of("int", value)
    if is_tracked(found):
        ROUNDED.append(found.formula)
    return found


class _Kind(type):
    """The class of `int` as code of the package sees it."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs and is_tracked(args[0]):
            return args[0] if isinstance(args[0], int) else _rounded(args[0])
        return int(*args, **kwargs)

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, int)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, int)

    def __eq__(cls, other: object) -> bool:
        return other is int or other is cls

    def __hash__(cls) -> int:
        return hash(int)


class _Int(int, metaclass=_Kind):
    """`int`, that leaves a tracked number tracked."""


def _kept(op: str, plain: Callable[..., Any]) -> Callable[..., Any]:
    def function(*args: Any) -> Any:
        if len(args) == 1 and is_tracked(args[0]):
            with suppress(FormulaError):
                return function_of(op, args[0])
        return plain(*args)

    return function


def _isqrt(value: Any) -> Any:
    """Returns the whole part of the root, exact for sizes."""
    if is_tracked(value) and isinstance(value, int) and value >= 0:
        return function_of("int", function_of("sqrt", value))
    return _PLAIN_ISQRT(value)


_PLAIN_ISQRT = math.isqrt


@contextmanager
def formulas_kept(package: str) -> Iterator[None]:
    """While it is open, numbers that a package rounds or takes roots of keep their formulas."""
    functions = {"sqrt": _kept("sqrt", math.sqrt), "log": _kept("log", math.log), "isqrt": _isqrt}
    plain = {name: getattr(math, name) for name in functions}
    root = package.partition(".")[0]
    modules = [
        vars(module)
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] == root and "int" not in vars(module)
    ]
    try:
        math.__dict__.update(functions)
        for names in modules:
            names["int"] = _Int
        yield
    finally:
        math.__dict__.update(plain)
        for names in modules:
            names.pop("int", None)
