"""What a model's code asks about its settings while it is built: `if patch_size == 2`.

The settings are numbers that keep the formula by which they follow, and note each comparison that
code outside of torch makes with them. Such conditions say which values to record.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable
from typing import Any

import torch

from pycandle.formulas import (
    OPERATORS,
    Constant,
    Formula,
    FormulaError,
    Operation,
    Setting,
    apply,
    constant,
    simplified,
    size_of,
)
from pycandle.learning.guards import Condition
from pycandle.recorder.settings import Settings
from pycandle.recorder.shadow import shadowed
from pycandle.recorder.sources import is_internal, is_torch_framework

LARGEST = 24
"""Numbers, settings and operators in a formula; what is longer is not noted."""
_LOG: list[Condition] = []


def asked_of(settings: Settings) -> list[Condition]:
    """Returns what is asked while the model is built on meta; nothing where that fails."""
    _LOG.clear()
    changes = {
        path: _Integer.of(value, Setting(path)) if isinstance(value, int) else value
        for path, value in settings.values.items()
        if type(value) is int
    }
    try:
        with torch.device("meta"), shadowed():
            settings.build(changes)
    except Exception:
        # Code that takes no other kind of integer is built in vain: nothing is known then.
        return []
    return list(dict.fromkeys(_LOG))


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, _Integer) else value


def _formula(value: Any) -> Formula:
    return value.formula if isinstance(value, _Integer) else constant(value)


def _computed(op: str, *operands: Any) -> Any:
    if not all(type(item) in (int, _Integer) for item in operands):
        return NotImplemented
    try:
        found = apply(op, *map(_plain, operands))
    except FormulaError:
        # The integers themselves say what is wrong.
        return OPERATORS[op][1](*map(_plain, operands))
    formula = _folded(op, *map(_formula, operands))
    if not isinstance(found, int) or isinstance(formula, Constant) or size_of(formula) > LARGEST:
        return found
    return _Integer.of(found, formula)


def _folded(op: str, left: Formula, right: Formula) -> Formula:
    """Returns an operation; what is added to a sum with a constant is added to the constant."""
    match op, left, right:
        case ("+" | "-", Operation(("+" | "-") as inner, (first, Constant(int(one)))), _) if (
            isinstance(right, Constant) and isinstance(right.value, int)
        ):
            total = (one if inner == "+" else -one) + (right.value if op == "+" else -right.value)
            return simplified("+" if total >= 0 else "-", first, constant(abs(total)))
        case _:
            return simplified(op, left, right)


def _arithmetic(op: str, *, reflected: bool = False) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        pair = (other, self) if reflected else (self, other)
        found = _computed(op, *pair)
        return OPERATORS[op][1](*map(_plain, pair)) if found is NotImplemented else found

    return method


def _comparison(relation: str, compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
    def method(self: _Integer, other: Any) -> Any:
        found = compare(int(self), _plain(other))
        file = sys._getframe(1).f_code.co_filename
        known = type(other) in (int, _Integer) and not (
            isinstance(other, _Integer) and other.formula == self.formula
        )
        if known and not is_torch_framework(file) and not is_internal(file):
            _LOG.append(Condition(_formula(self), relation, _formula(other)))
        return found

    return method


class _Integer(int):
    """An integer with a formula."""

    formula: Formula

    @classmethod
    def of(cls, value: int, formula: Formula) -> _Integer:
        """Returns an integer that knows its formula."""
        made = cls(value)
        made.formula = formula
        return made

    __add__, __radd__ = _arithmetic("+"), _arithmetic("+", reflected=True)
    __sub__, __rsub__ = _arithmetic("-"), _arithmetic("-", reflected=True)
    __mul__, __rmul__ = _arithmetic("*"), _arithmetic("*", reflected=True)
    __floordiv__, __rfloordiv__ = _arithmetic("//"), _arithmetic("//", reflected=True)
    __mod__, __rmod__ = _arithmetic("%"), _arithmetic("%", reflected=True)

    __eq__ = _comparison("==", operator.eq)
    __ne__ = _comparison("!=", operator.ne)
    __lt__ = _comparison("<", operator.lt)
    __le__ = _comparison("<=", operator.le)
    __gt__ = _comparison(">", operator.gt)
    __ge__ = _comparison(">=", operator.ge)
    __hash__ = int.__hash__

    def __deepcopy__(self, memo: Any) -> _Integer:
        return self
