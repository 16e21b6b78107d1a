"""Finds masks that are a band around the diagonal: causal ones, sliding windows, all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pycandle.ir.configured import plain
from pycandle.ir.graph import Argument, Graph, Node, Value
from pycandle.ir.sizes import Operation, Size, Symbol, evaluate
from pycandle.ir.types import DTypeConstant, Keyword, TensorType
from pycandle.passes.small_ops import OPS
from pycandle.passes.small_tensors import Number, Small, Unknown

FEWEST_NODES = 4
"""What fewer ops compute is as short as the band."""

_LENGTHS = (5, 9, 1, 7, 11)
"""Sizes that the first symbol has in turn; each next one begins one further."""

_LARGE = 1
"""A number above is tried with others in its place: what it does must not hang on it."""

_ARITHMETIC = re.compile(
    r"aten\.(add|sub|mul|div|floor_divide|remainder|minimum|maximum|eq|ne|lt|le|gt|ge|tril|triu)\."
)
"""Ops whose numbers those are; the numbers of others are dims and lengths."""

_MOST = 5
"""A number above, in any other place, could mean something at sizes that are not tried."""

_OPEN_END = 2**62
"""A slice without an end has a number above."""

_STAND_INS = ({0: 2, 1: 3}, {0: 3, 1: 2})

_SHIFTS = (0, 1, -1)

Bound: TypeAlias = "tuple[int, int] | None"
"""An index into the large numbers of a mask, or -1 for none; and what is added to it."""


class RecognizeBands:
    """Replaces what computes a mask from sizes alone by the band that it is.

    A mask is a bool tensor whose last two dims are `query` and `key`. It is computed for several
    sizes, and with other numbers in the place of large ones (a window's width). Where all that is
    `low <= key - query <= high`, without either bound perhaps, `tril` and `triu` of ones say so.
    """

    name = "recognize-bands"

    def run(self, graph: Graph) -> bool:
        """Returns whether any mask was replaced."""
        known: set[Value] = set()
        for node in graph.nodes:
            if node.target in OPS and all(value in known for value in node.inputs()):
                known.add(node.result)
        changed = False
        for value in list(_masks(graph, known)):
            band = _find_band(value, _closure(value))
            if band is None:
                continue
            if band == _Band(None, None):
                _leave_out(graph, value)
            _replace(graph, value, band)
            changed = True
        return changed


@dataclass(frozen=True)
class _Band:
    low: int | None
    high: int | None


def _masks(graph: Graph, known: set[Value]) -> Iterator[Value]:
    """Yields the bool values that follow from sizes, and that something else reads."""
    readers = graph.uses()
    outputs = {output.value for output in graph.outputs}
    for node in graph.nodes:
        value = node.result
        kind = value.type
        if value not in known or not isinstance(kind, TensorType):
            continue
        if not kind.is_bool or kind.rank < 2:
            continue
        if value in outputs or any(_is_outside(reader, known) for reader in readers.get(value, [])):
            yield value


def _is_outside(reader: Node, known: set[Value]) -> bool:
    """Whether an op makes something else of a mask than another mask of sizes alone."""
    kind = reader.result.type
    return reader.result not in known or not isinstance(kind, TensorType) or not kind.is_bool


def _closure(value: Value) -> list[Node]:
    """Returns the nodes that a value is computed with, in order."""
    found: dict[Node, None] = {}

    def visit(item: Value) -> None:
        if item.node is None or item.node in found:
            return
        for source in item.node.inputs():
            visit(source)
        found[item.node] = None

    visit(value)
    return list(found)


def _find_band(value: Value, nodes: list[Node]) -> _Band | None:
    if len(nodes) < FEWEST_NODES or any(map(_hides_a_number, nodes)):
        return None
    symbols = sorted({name for node in nodes for name in _symbols(node)}, key=str)
    if len(symbols) > len(_LENGTHS):
        return None  # Two of them would be equal in every trial.
    large = list(dict.fromkeys(plain(n) for node in nodes for n in _numbers(node) if n > _LARGE))
    if len(large) > len(_STAND_INS[0]):
        return None
    bounds: set[tuple[Bound, Bound]] | None = None
    for stand_ins in _STAND_INS:
        replaced = {number: stand_ins[i] for i, number in enumerate(large)}
        for turn in range(len(_LENGTHS)):
            sizes = {name: _LENGTHS[(turn + i) % 5] for i, name in enumerate(symbols)}
            try:
                found = _bounds(_compute(value, nodes, sizes, replaced), replaced)
            except Unknown:
                return None
            bounds = found if bounds is None else bounds & found
        if not bounds:
            return None
    assert bounds is not None
    own = {i: _own(nodes, number) for i, number in enumerate(large)}
    low, high = min(bounds, key=lambda pair: [_rank(bound) for bound in pair])
    return _Band(_number(low, own, sign=-1), _number(high, own, sign=1))


def _hides_a_number(node: Node) -> bool:
    """Whether an op has a number that no trial varies, and that is too large to show in one."""
    is_arithmetic = _ARITHMETIC.match(node.target) is not None
    lengths = node.result.type.shape if isinstance(node.result.type, TensorType) else ()

    def hides(argument: Argument, *, varies: bool) -> bool:
        match argument:
            case Operation():
                # One that does is tried as a size of its own: a length, so never below 0.
                return _is_opaque(argument) and argument not in lengths
            case list():
                return any(hides(item, varies=False) for item in argument)
            case bool():
                return False
            case int():
                return not varies and _MOST < abs(plain(argument)) < _OPEN_END
            case float():
                return plain(argument) not in (0.0, 1.0)
            case _:
                return False

    return any(hides(argument, varies=is_arithmetic) for argument in node.args) or any(
        hides(argument, varies=False) for argument in node.kwargs.values()
    )


def _rank(bound: Bound) -> tuple[int, int]:
    """Orders bounds by how little they say: none at all first."""
    return (0, 0) if bound is None else (1 + (bound[0] >= 0), abs(bound[1]))


def _number(bound: Bound, own: Mapping[int, int], *, sign: int) -> int | None:
    if bound is None:
        return None
    index, shift = bound
    return sign * own[index] + shift if index >= 0 else shift


def _own(nodes: list[Node], number: int) -> int:
    """Returns a large number as the graph has it, with its formula."""
    return next(n for node in nodes for n in _numbers(node) if plain(n) == number)


def _bounds(mask: Small, replaced: Mapping[int, int]) -> set[tuple[Bound, Bound]]:
    """Returns the pairs of bounds that describe a mask, or raises Unknown if there is none."""
    stand_ins = list(replaced.values())
    lows: list[Bound] = [None, *((-1, shift) for shift in (0, 1, -1))]
    lows += [(i, shift) for i in range(len(stand_ins)) for shift in _SHIFTS]
    found: set[tuple[Bound, Bound]] = set()
    for low in lows:
        for high in lows:
            start = _number(low, dict(enumerate(stand_ins)), sign=-1)
            end = _number(high, dict(enumerate(stand_ins)), sign=1)
            if all(
                bool(number) == _is_in(index[-1] - index[-2], start, end)
                for index, number in zip(mask.indices(), mask.numbers, strict=True)
            ):
                found.add((low, high))
    if not found:
        raise Unknown
    return found


def _is_in(offset: int, start: int | None, end: int | None) -> bool:
    return (start is None or start <= offset) and (end is None or offset <= end)


def _compute(
    value: Value,
    nodes: list[Node],
    sizes: Mapping[str | Operation, int],
    replaced: Mapping[int, int],
) -> Small:
    known: dict[Value, Small] = {}

    def given(argument: Argument, numbers: Mapping[int, int]) -> Any:
        match argument:
            case Value():
                return known[argument]
            case Symbol() | Operation():
                return _size(argument, sizes)
            case list():
                return [given(item, numbers) for item in argument]
            case bool() | None | str():
                return argument
            case int() | float():
                return _stand_in(plain(argument), numbers)
            case _:
                return argument

    for node in nodes:
        numbers = replaced if _ARITHMETIC.match(node.target) else dict[int, int]()
        args = [given(argument, numbers) for argument in node.args]
        kwargs = {name: given(argument, {}) for name, argument in node.kwargs.items()}
        try:
            known[node.result] = OPS[node.target](*args, **kwargs)
        except (TypeError, IndexError, ZeroDivisionError, ValueError) as error:
            raise Unknown from error
    return known[value]


def _is_opaque(size: Size) -> bool:
    """Whether a size is computed with a number that is too large to show in a trial."""
    match size:
        case Operation(_, left, right):
            return _is_opaque(left) or _is_opaque(right)
        case int():
            return abs(plain(size)) > _MOST
        case _:
            return False


def _size(size: Size, sizes: Mapping[str | Operation, int]) -> int:
    """Returns a size in a trial, where one that is opaque may be anything."""
    if isinstance(size, Operation) and _is_opaque(size):
        return sizes[size]
    return evaluate(size, {name: n for name, n in sizes.items() if isinstance(name, str)})


def _stand_in(number: Number, replaced: Mapping[int, int]) -> Number:
    if number in replaced:
        return replaced[int(number)]
    return -replaced[int(-number)] if -number in replaced else number


def _numbers(node: Node) -> Iterator[int]:
    """Yields the integers that an op computes with, without their signs."""
    for argument in node.args if _ARITHMETIC.match(node.target) else ():
        if isinstance(argument, int) and not isinstance(argument, bool):
            yield -argument if plain(argument) < 0 else argument


def _symbols(node: Node) -> Iterator[str | Operation]:
    """Yields what varies in the sizes that an op has as arguments."""

    def walk(argument: Argument) -> Iterator[str | Operation]:
        match argument:
            case Symbol(name):
                yield name
            case Operation() if _is_opaque(argument):
                yield argument
            case Operation(_, left, right):
                yield from walk(left)
                yield from walk(right)
            case list():
                for item in argument:
                    yield from walk(item)
            case _:
                return

    for argument in (*node.args, *node.kwargs.values()):
        yield from walk(argument)


_CONJUNCTIONS = re.compile(r"aten\.(logical_and|bitwise_and|__and__|mul)\.")


def _is_bool(value: Value) -> bool:
    return isinstance(value.type, TensorType) and value.type.is_bool


def _leave_out(graph: Graph, value: Value) -> None:
    """Reads the other operand, expanded, where a mask that is all true is joined to one."""
    for node in graph.nodes:
        kind = node.result.type
        if not _CONJUNCTIONS.match(node.target) or not isinstance(kind, TensorType):
            continue
        others = [item for item in node.args if item is not value]
        if len(others) != 1 or not isinstance(others[0], Value) or not _is_bool(others[0]):
            continue
        node.target, node.kwargs = "aten.expand.default", {}
        node.args = [others[0], list(kind.shape)]


def _replace(graph: Graph, value: Value, band: _Band) -> None:
    """Puts ones, cut to the band and expanded, in the place of what computes a mask."""
    last = value.node
    assert last is not None
    assert isinstance(value.type, TensorType)
    *_, rows, columns = value.type.shape
    made: list[Node] = []

    def add(target: str, *args: Argument, shape: tuple[Size, ...], **kwargs: Argument) -> Value:
        result = Value(f"{value.name}_{target.split('.')[1]}", TensorType("bool", shape))
        node = Node(target, list(args), dict(kwargs), result, last.call, last.sites, last.function)
        result.node = node
        made.append(node)
        return result

    square = (rows, columns)
    found = add(
        "aten.ones.default",
        [rows, columns],
        shape=square,
        dtype=DTypeConstant("bool"),
        device=Keyword("device", "model"),
        pin_memory=False,
    )
    if band.high is not None:
        found = add("aten.tril.default", found, band.high, shape=square)
    if band.low is not None:
        found = add("aten.triu.default", found, band.low, shape=square)
    last.target, last.args, last.kwargs = "aten.expand.default", [found, list(value.type.shape)], {}
    at = graph.nodes.index(last)
    graph.nodes[at:at] = made
