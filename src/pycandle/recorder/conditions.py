"""What a model's Python code found out about free sizes while it was exported.

`if x.shape[2] % 2 == 0` takes one branch, and `int(x.shape[2] * 0.5)` becomes a number: the program
holds for sizes with the same answers only. torch keeps such answers to itself; here they become
conditions of the manifest, which everything that runs the program checks.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

import sympy
import torch
from torch.fx.experimental.sym_node import SymNode
from torch.fx.experimental.symbolic_shapes import free_unbacked_symbols, uninteresting_files
from torch.utils._sympy.numbers import int_oo
from torch.utils._sympy.value_ranges import ValueRanges, bound_sympy

from pycandle.manifest.schema import Condition
from pycandle.recorder.sources import is_internal, is_torch_framework, portable_path
from pycandle.recorder.symbols import InexpressibleSize, SymbolNames


@dataclass(frozen=True)
class Answer:
    """Something that holds for the sizes of an export, and the line of Python that asked."""

    holds: Any
    """A sympy expression of a truth value."""
    environment: Any
    """torch's account of the symbols in it."""
    asked: str | None


@contextmanager
def answers() -> Iterator[list[Answer]]:
    """Notes what the model's code asks in this context, and each size that becomes a number."""
    found: list[Answer] = []
    node: Any = SymNode
    was_bool, was_int, was_float = torch.SymBool.__bool__, node.guard_int, node.guard_float

    def truth(self: torch.SymBool) -> bool:
        answer = was_bool(self)
        # The shape rules of torch ask all the time, and hold for other sizes as well.
        asking = _asking(sys._getframe(1))
        if asking is not None and not is_torch_framework(asking.f_code.co_filename):
            holds = self.node.expr if answer else sympy.Not(self.node.expr)
            found.append(Answer(holds, self.node.shape_env, _line(asking)))
        return answer

    def number(was: Any) -> Any:
        def known(self: Any, *place: Any) -> Any:
            value = was(self, *place)
            holds = sympy.Eq(self.expr, sympy.sympify(value), evaluate=False)
            asking = _asking(sys._getframe(1), is_internal)
            found.append(Answer(holds, self.shape_env, asking and _line(asking)))
            return value

        return known

    # torch looks for the frame that asks, to tell an `assert` from a branch.
    hidden = {__file__} - uninteresting_files()
    uninteresting_files().update(hidden)
    torch.SymBool.__bool__ = truth  # type: ignore[method-assign]
    node.guard_int, node.guard_float = number(was_int), number(was_float)
    try:
        yield found
    finally:
        torch.SymBool.__bool__ = was_bool  # type: ignore[method-assign]
        node.guard_int, node.guard_float = was_int, was_float
        uninteresting_files().difference_update(hidden)


_MACHINERY = {torch.__file__, sys.modules[SymNode.__module__].__file__, __file__}
"""Files of the symbolic numbers themselves."""


def _asking(
    frame: FrameType | None, passed: Callable[[str], bool] = _MACHINERY.__contains__
) -> FrameType | None:
    """Returns the frame that asks, past those whose files are to be passed."""
    while frame is not None and passed(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def _line(frame: FrameType) -> str:
    code = frame.f_code
    return f"{portable_path(code.co_filename)}:{frame.f_lineno} in {code.co_qualname}"


def conditions_of(
    found: Iterable[Answer], names: SymbolNames, above_one: Mapping[str, str]
) -> list[Condition]:
    """Returns what does not hold for all sizes; raises InexpressibleSize.

    `above_one`: the symbols that may not be 1, and why. At the others the program is right at 1.
    """
    conditions: dict[Any, Condition] = {
        symbol: Condition(name, "!=", 1, asked=above_one[name])
        for symbol, name in names.names.items()
        if name in above_one
    }
    for answer in found:
        holds = _simplified(answer)
        if not holds.free_symbols or free_unbacked_symbols(holds):
            # torch checks sizes that depend on data where they come about.
            continue
        if not holds.free_symbols <= names.names.keys():
            raise InexpressibleSize(str(holds))
        own = {names.names[symbol] for symbol in holds.free_symbols}
        alone = own.pop() if len(own) == 1 else None
        least = {
            symbol: 2 if alone or names.names[symbol] in above_one else 1
            for symbol in holds.free_symbols
        }
        if _follows(holds, least):
            continue
        for part in holds.args if isinstance(holds, sympy.And) else (holds,):
            spared = alone if alone not in above_one and not _at_one(part) else None
            if part not in conditions:
                conditions[part] = _condition(part, names, spared, answer.asked)
    return list(conditions.values())


def _simplified(answer: Answer) -> Any:
    """Returns what holds, in symbols that are left in the program."""
    replacements: Mapping[Any, Any] = getattr(answer.environment, "replacements", {})
    holds = answer.holds
    for _ in replacements:
        holds = holds.xreplace(replacements)
    return holds


def _follows(holds: Any, least: Mapping[Any, int]) -> bool:
    """Whether something holds for all sizes from the least ones, as far as torch can tell."""
    bounds = {symbol: ValueRanges(lower, int_oo) for symbol, lower in least.items()}
    return bound_sympy(holds, bounds).lower == sympy.true


def _at_one(holds: Any) -> bool:
    return holds.xreplace(dict.fromkeys(holds.free_symbols, sympy.Integer(1))) == sympy.true


_RELATIONS: dict[type, Any] = {
    sympy.Eq: "==",
    sympy.Ne: "!=",
    sympy.Lt: "<",
    sympy.Le: "<=",
}


def _condition(holds: Any, names: SymbolNames, spared: str | None, asked: str | None) -> Condition:
    if isinstance(holds, sympy.Gt | sympy.Ge):
        holds = holds.reversed
    relation = _RELATIONS.get(type(holds))
    if relation is None:
        raise InexpressibleSize(str(holds))
    left, right = _sides(holds.lhs - holds.rhs)
    return Condition(names.size_of(left), relation, names.size_of(right), spared, asked)


def _sides(difference: Any) -> tuple[Any, Any]:
    """Returns two sums of positive terms that compare as a difference does with 0.

    Sizes are not negative, and not fractions.
    """
    together: Any = sympy.together(difference, deep=False)
    numerator, denominator = together.as_numer_denom()
    if not (denominator.is_Integer and denominator > 0):
        raise InexpressibleSize(str(difference))
    terms = sympy.Add.make_args(sympy.expand_mul(numerator, deep=False))
    negative = [term for term in terms if term.could_extract_minus_sign()]
    positive = [term for term in terms if term not in negative]
    return sympy.Add(*positive), sympy.Add(*(-term for term in negative))
