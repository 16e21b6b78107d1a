"""Numbers that keep the formula by which they follow from settings, and note what is asked of them.

They are integers and floats to all code that computes with them. Each comparison that code outside
of torch makes with them, and each time that it asks whether one is 0, is a condition in `LOG`.
"""

from __future__ import annotations

import math
import operator
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from pycandle.formulas import (
    OPERATORS,
    Constant,
    Formula,
    FormulaError,
    Operation,
    apply,
    constant,
    settings_of,
    simplified,
    size_of,
)
from pycandle.learning.guards import Condition
from pycandle.recorder.messages import is_message
from pycandle.recorder.sources import is_internal, is_standard, is_torch_framework

LARGEST = 24
"""Numbers, settings and operators in a formula; what is longer is not noted."""
LOG: list[Condition] = []
"""What was asked, in order, repeats included."""
AS_TEXT: set[str] = set()
"""The settings whose text was read: what code makes of that is not known."""


ROUNDED: list[Formula] = []
"""What `int` was taken of: the integer that it gives has no formula of its own."""


def tracked(value: int | float, formula: Formula) -> Any:
    """Returns a number that knows its formula."""
    made: Any = _Float(value) if isinstance(value, float) else _Integer(value)
    made.formula = formula
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, _Float):
        return float(value)
    return int(value) if isinstance(value, _Integer) else value


def _formula(value: Any) -> Formula:
    return value.formula if isinstance(value, _Integer | _Float) else constant(value)


def _is_number(value: Any) -> bool:
    """Whether a value is a number of Python, and no truth value nor any other kind of number."""
    return type(value) in (int, float, _Integer, _Float) and math.isfinite(value)


def _computed(op: str, *operands: Any) -> Any:
    """Returns what an operation gives, with its formula if that is not too long."""
    plain = [_plain(item) for item in operands]
    known = all(map(_is_number, operands))
    try:
        found = apply(op, *plain) if known else None
    except FormulaError:
        found = None
    if found is None or not _is_number(found):
        # The numbers themselves say what is wrong, or what another kind of operand makes of them.
        return OPERATORS[op][1](*plain)
    formula = _folded(op, *map(_formula, operands))
    if isinstance(formula, Constant) or size_of(formula) > LARGEST:
        return found
    return tracked(found, formula)


def _folded(op: str, *args: Formula) -> Formula:
    """Returns an operation; what is added to a sum with a constant is added to the constant."""
    match (op, *args):
        case (
            "+" | "-",
            Operation("+" | "-" as inner, (first, Constant(int(one)))),
            Constant(int(two)),
        ):
            total = (one if inner == "+" else -one) + (two if op == "+" else -two)
            return simplified("+" if total >= 0 else "-", first, constant(abs(total)))
        case ("*" | "/" | "//" | "%", Constant(0), _) | ("*", _, Constant(0)):
            # It is 0 whatever the setting is.
            return constant(0)
        case _:
            return simplified(op, *args)


def _arithmetic(op: str, *, reflected: bool = False) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        return _computed(op, *((other, self) if reflected else (self, other)))

    return method


def _note(condition: Condition, file: str) -> None:
    if not is_torch_framework(file) and not is_internal(file):
        LOG.append(condition)


def _note_text(formula: Formula, frame: FrameType) -> None:
    file = frame.f_code.co_filename
    # What reads it for a message of its own, as a logger does, is no code of the model.
    if is_internal(file) or file.startswith("<") or is_standard(file) or is_message(frame):
        return
    AS_TEXT.update(settings_of(formula))


def _comparison(relation: str, compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        found = compare(_plain(self), _plain(other))
        if type(found) is bool and _is_number(_plain(other)) and _formula(other) != self.formula:
            file = sys._getframe(1).f_code.co_filename
            _note(Condition(self.formula, relation, _formula(other)), file)
        return found

    return method


def _rounded(op: str) -> Callable[..., Any]:
    def method(self: Any, *digits: Any) -> Any:
        if digits and digits[0] is not None:
            return round(_plain(self), *digits)
        return function_of(op, self)

    return method


def is_tracked(value: object) -> bool:
    """Whether a number knows its formula."""
    return isinstance(value, _Integer | _Float)


def function_of(op: str, value: Any) -> Any:
    """Returns what one of `FUNCTIONS` gives for a number, tracked where that one is.

    Raises FormulaError where it gives nothing.
    """
    found = apply(op, _plain(value))
    if not is_tracked(value):
        return found
    formula = Operation(op, (value.formula,))
    return found if size_of(formula) > LARGEST else tracked(found, formula)


class _Tracked:
    """What both kinds of numbers share."""

    formula: Formula

    __add__, __radd__ = _arithmetic("+"), _arithmetic("+", reflected=True)
    __sub__, __rsub__ = _arithmetic("-"), _arithmetic("-", reflected=True)
    __mul__, __rmul__ = _arithmetic("*"), _arithmetic("*", reflected=True)
    __truediv__, __rtruediv__ = _arithmetic("/"), _arithmetic("/", reflected=True)
    __floordiv__, __rfloordiv__ = _arithmetic("//"), _arithmetic("//", reflected=True)
    __mod__, __rmod__ = _arithmetic("%"), _arithmetic("%", reflected=True)
    __pow__, __rpow__ = _arithmetic("**"), _arithmetic("**", reflected=True)

    __eq__ = _comparison("==", operator.eq)
    __ne__ = _comparison("!=", operator.ne)
    __lt__ = _comparison("<", operator.lt)
    __le__ = _comparison("<=", operator.le)
    __gt__ = _comparison(">", operator.gt)
    __ge__ = _comparison(">=", operator.ge)

    def __bool__(self) -> bool:
        _note(Condition(self.formula, "!=", constant(0)), sys._getframe(1).f_code.co_filename)
        return _plain(self) != 0

    def __deepcopy__(self, memo: Any) -> Any:
        return self

    def __str__(self) -> str:
        _note_text(self.formula, sys._getframe(1))
        return str(_plain(self))

    def __repr__(self) -> str:
        return repr(_plain(self))

    def __format__(self, form: str) -> str:
        _note_text(self.formula, sys._getframe(1))
        return format(_plain(self), form)


class _Integer(_Tracked, int):  # pyright: ignore[reportIncompatibleMethodOverride]
    """An integer with a formula."""

    __hash__ = int.__hash__  # pyright: ignore[reportAssignmentType]


class _Float(_Tracked, float):  # pyright: ignore[reportIncompatibleMethodOverride]
    """A float with a formula. What `int` makes of it has none, and is noted in `ROUNDED`."""

    __hash__ = float.__hash__  # pyright: ignore[reportAssignmentType]
    __round__ = _rounded("round")
    __floor__ = _rounded("floor")
    __ceil__ = _rounded("ceil")

    def __int__(self) -> int:
        file = sys._getframe(1).f_code.co_filename
        if not is_torch_framework(file) and not is_internal(file):
            ROUNDED.append(Operation("int", (self.formula,)))
        return int(_plain(self))
