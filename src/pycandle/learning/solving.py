"""Finds the formula that gives a number in every recording: the smallest one that does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from pycandle.formulas import (
    Constant,
    Formula,
    FormulaError,
    Operation,
    Setting,
    apply,
    constant,
    evaluate,
    simplified,
    size_of,
)

Number: TypeAlias = "int | float"
Vector: TypeAlias = "tuple[Number | None, ...]"
"""A value for each recording; None where the recording does not have the number."""

CONSTANTS = (1, 2, 3, 4, 8)
MOST = 6000
"""Candidates of one size that are combined further."""
MOST_FACTORS = 60
_BINARY = ("*", "+", "-", "//", "/", "%")
"""In the order in which those of one size are preferred."""
_TOLERANCE = 1e-12


def agree(one: Number, other: Number) -> bool:
    """Whether two numbers are the same; floats but for rounding."""
    if isinstance(one, int) and isinstance(other, int):
        return one == other
    return abs(one - other) <= _TOLERANCE * max(abs(one), abs(other))


@dataclass(frozen=True)
class Candidate:
    """A formula and its values in all recordings."""

    formula: Formula
    values: tuple[Number, ...]

    def gives(self, wanted: Vector) -> bool:
        """Whether it gives every value that is known, as the same kind of number."""
        return all(
            value is None or (type(value) is type(found) and agree(found, value))
            for found, value in zip(self.values, wanted, strict=True)
        )

    def explains(self, wanted: Vector) -> bool:
        """Whether it gives every value, and there are more values than it could be fitted to.

        Constants can be chosen to give as many values as there are of them, whatever these are;
        among many settings, a few can be found that do.
        """
        values = {value for value in wanted if value is not None}
        leaves = set(_leaves(self.formula))
        constants = sum(isinstance(leaf, Constant) for leaf in leaves)
        return constants < len(values) >= len(leaves) and self.gives(wanted)


def _leaves(formula: Formula) -> Iterator[Formula]:
    """Yields the constants and the settings of a formula."""
    if isinstance(formula, Operation):
        for arg in formula.args:
            yield from _leaves(arg)
    else:
        yield formula


@dataclass
class Solver:
    """Formulas over settings, from the smallest on."""

    settings: dict[str, tuple[Number, ...]]
    """The values of each free setting in all recordings."""
    known: list[Candidate] = field(default_factory=list[Candidate])
    """What was found for other numbers: the sizes of which larger ones are made."""
    rounded: Sequence[Formula] = ()
    """What the model's code makes integers of."""
    levels: dict[tuple[str, ...], list[list[Candidate]]] = field(
        default_factory=dict["tuple[str, ...]", "list[list[Candidate]]"]
    )

    def solve(self, wanted: Vector, support: Sequence[str]) -> Candidate | None:
        """Returns the smallest formula over settings in `support` that gives a number."""
        if _is_negative(wanted):
            found = self.solve(_negated(wanted), support)
            return None if found is None else next(_applied("neg", found), None)
        for candidate in self.known:
            if candidate.explains(wanted):
                return candidate
        for candidate in self._candidates(tuple(support), wanted):
            if candidate.explains(wanted):
                self._remember(candidate)
                return candidate
        return None

    def solve_of_parts(self, wanted: Vector, support: Sequence[str]) -> Candidate | None:
        """Returns a formula made of others that are known, also over settings beside `support`.

        `heads * (size // heads)` is moved by `size` alone where only such heads can be recorded as
        divide it.
        """
        if _is_negative(wanted):
            found = self.solve_of_parts(_negated(wanted), support)
            return None if found is None else next(_applied("neg", found), None)
        for candidate in self._of_parts(support):
            if candidate.explains(wanted):
                self._remember(candidate)
                return candidate
        return None

    def _of_parts(self, support: Sequence[str]) -> Iterator[Candidate]:
        inside = set(support)
        parts = [item for item in self.known if not inside.isdisjoint(_paths(item.formula))]
        paths = dict.fromkeys(path for item in parts for path in _paths(item.formula))
        every = self._levels(tuple(sorted({*support, *paths})))
        yield from every[1]
        yield from _combined(parts, [*every[0], *parts])

    def _remember(self, candidate: Candidate) -> None:
        self.known.append(candidate)
        self.known.sort(key=lambda item: size_of(item.formula))

    def _candidates(self, support: tuple[str, ...], wanted: Vector) -> Iterator[Candidate]:
        small = self._levels(support)
        yield from small[0]
        yield from self._of_rounded(support, wanted)
        yield from small[1]
        yield from _roots([*small[0], *small[1]])
        yield from _whole(small[1])
        yield from _lines([*small[0], *small[1]], wanted)
        inside = set(support)
        parts = [item for item in self.known if inside.issuperset(_paths(item.formula))]
        yield from _combined(parts, [*small[0], *parts])
        yield from _lines(list(_combined(parts, parts)), wanted)
        factors = [item for item in small[1] if _is_factor(item.formula)][:MOST_FACTORS]
        products = list(_combined(factors, factors, ("*",)))
        yield from products
        yield from _lines(products, wanted)
        yield from small[2]
        yield from _squares(small[2])
        if any(isinstance(value, float) for value in wanted):
            yield from _roots(small[2])
        yield from _lines(small[2], wanted)
        if len(support) <= 3:
            yield from _combined(small[1][:300], small[1][:300])

    def _of_rounded(self, support: tuple[str, ...], wanted: Vector) -> Iterator[Candidate]:
        """Yields what follows from integers that the model's code makes: formulas that it has."""
        inside = set(support)
        whole = [
            candidate
            for formula in self.rounded
            if inside.issuperset(_paths(formula))
            for candidate in self._evaluated(formula)
        ]
        if not whole:
            return
        yield from whole
        first = self._levels(support)[0]
        second = [*whole, *_combined(whole, first, ("*", "+", "-", "//", "/"))]
        yield from second[len(whole) :]
        lines = list(_lines(second, wanted))
        yield from lines
        yield from _bounded(lines, wanted)

    def _evaluated(self, formula: Formula) -> Iterator[Candidate]:
        rows = zip(*self.settings.values(), strict=True)
        try:
            values = tuple(
                evaluate(formula, dict(zip(self.settings, row, strict=True))) for row in rows
            )
        except FormulaError:
            return
        yield Candidate(formula, values)

    def _levels(self, support: tuple[str, ...]) -> list[list[Candidate]]:
        if support not in self.levels:
            count = len(next(iter(self.settings.values())))
            first = [Candidate(Setting(path), self.settings[path]) for path in support]
            first += [Candidate(Constant(value), (value,) * count) for value in CONSTANTS]
            seen: set[tuple[Number, ...]] = set()
            first = list(_new(first, seen))
            second = list(_new(_combined(first, first), seen))
            third = list(_new(_combined(second[:MOST], first), seen))
            self.levels[support] = [first, second, third]
        return self.levels[support]


def _is_negative(wanted: Vector) -> bool:
    """Whether no value is above 0, and some are below."""
    values = [value for value in wanted if value is not None]
    return max(values) <= 0 and min(values) < 0


def _negated(wanted: Vector) -> Vector:
    return tuple(None if value is None else -value for value in wanted)


def _paths(formula: Formula) -> set[str]:
    match formula:
        case Setting(path):
            return {path}
        case Operation(_, args):
            return {path for arg in args for path in _paths(arg)}
        case _:
            return set()


def _new(found: Iterable[Candidate], seen: set[tuple[Number, ...]]) -> Iterator[Candidate]:
    """Yields the first candidate of each row of values."""
    for candidate in found:
        key = tuple(
            value if isinstance(value, int) else float(f"{value:.13g}")
            for value in candidate.values
        )
        if key not in seen:
            seen.add(key)
            yield candidate


def _is_factor(formula: Formula) -> bool:
    """Whether a formula is a quotient or a product, of which areas are made."""
    return isinstance(formula, Operation) and formula.op in ("*", "//")


def _combined(
    left: Sequence[Candidate], right: Sequence[Candidate], operators: Sequence[str] = _BINARY
) -> Iterator[Candidate]:
    """Yields what operators make of two candidates."""
    pairs = [
        (one, other)
        for one in left
        for other in right
        if not (isinstance(one.formula, Constant) and isinstance(other.formula, Constant))
    ]
    for op in operators:
        for one, other in pairs:
            yield from _applied(op, one, other)
            if op not in "*+":
                yield from _applied(op, other, one)


def _applied(op: str, *args: Candidate) -> Iterator[Candidate]:
    whole = all(isinstance(value, int) for arg in args for value in arg.values)
    if op in ("//", "%") and not whole:
        return
    try:
        values = tuple(apply(op, *row) for row in zip(*(arg.values for arg in args), strict=True))
    except FormulaError:
        return
    # Sizes are computed in Rust without a sign.
    unsigned = op != "-" or not whole or all(value >= 0 for value in values)
    if unsigned and all(abs(value) < 1e15 for value in values):
        yield Candidate(simplified(op, *(arg.formula for arg in args)), values)


def _roots(found: Sequence[Candidate]) -> Iterator[Candidate]:
    for candidate in found:
        count = len(candidate.values)
        for power in (-0.5, 0.5):
            yield from _applied("**", candidate, Candidate(constant(power), (power,) * count))
        yield from _applied("log", candidate)


def _squares(found: Sequence[Candidate]) -> Iterator[Candidate]:
    for candidate in found:
        yield from _applied("*", candidate, candidate)


def _whole(found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yields `int(x)` of what is a float."""
    for candidate in found:
        if isinstance(candidate.values[0], float):
            yield from _applied("int", candidate)


def _bounded(found: Sequence[Candidate], wanted: Vector) -> Iterator[Candidate]:
    """Yields `max(x, least)`, of the least value that is wanted."""
    least = min((value for value in wanted if isinstance(value, int)), default=0)
    for candidate in found:
        if least > 0 and min(candidate.values) < least:
            yield from _applied("max", candidate, _number(least, candidate))


def _number(value: int, like: Candidate) -> Candidate:
    return Candidate(Constant(value), (value,) * len(like.values))


def _lines(found: Sequence[Candidate], wanted: Vector) -> Iterator[Candidate]:
    """Yields `a * x + b` and `x // a + b` for the numbers that fit the first two points."""
    for candidate in found:
        points = [
            (x, y)
            for x, y in zip(candidate.values, wanted, strict=True)
            if isinstance(x, int) and isinstance(y, int)
        ]
        other = next((point for point in points if point[0] != points[0][0]), None)
        if other is None:
            continue
        (x, y), run, rise = points[0], other[0] - points[0][0], other[1] - points[0][1]
        for op, whole, part in (("*", rise, run), ("//", run, rise)):
            if part == 0 or whole % part or whole // part < 1:
                continue
            factor = whole // part
            for scaled in _applied(op, candidate, _number(factor, candidate)):
                base = x * factor if op == "*" else x // factor
                offset = y - base
                if offset == 0:
                    yield scaled
                    continue
                shift = _number(abs(offset), candidate)
                yield from _applied("+" if offset > 0 else "-", scaled, shift)
