"""Functions of which one computes what another does for any sizes, as where two lengths differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pycandle.codegen.structure.lists import ListValue
from pycandle.codegen.structure.regions import Region
from pycandle.ir.graph import Argument, Node, Value
from pycandle.ir.sizes import Operation, Size, Symbol, combine
from pycandle.ir.types import TensorType, TupleType, ValueType

_RESHAPED = ("aten.view.default", "aten.reshape.default")


@dataclass(frozen=True)
class Generalized:
    """A call of a function in the sizes of another call, which has more of them."""

    region: Region
    sizes: dict[Size, Size]
    """What the symbols of the other call are here."""
    made: dict[Value, Value]
    """The values of this call as they are in `region`."""

    def here(self, size: Size) -> Size:
        """Returns a size of `region` in terms of the call that it was made of."""
        return _substitute(size, self.sizes)


def generalize(region: Region, general: Region) -> Generalized | None:
    """Returns a call of a function with the sizes of `general`, where it is a special case of it.

    None where the two do not take the same steps, or where one size of `general` would be two.
    """
    if not (_is_plain(region) and _is_plain(general)):
        return None
    lengths = [len(region.items), len(region.inputs), len(region.outputs)]
    if lengths != [len(general.items), len(general.inputs), len(general.outputs)]:
        return None
    try:
        return _Match().region(general, region)
    except _Differ:
        return None


class _Differ(Exception):
    """Two calls do not take the same steps."""


def _is_plain(region: Region) -> bool:
    values = [*region.inputs, *(value for node in region.nodes() for value in node.inputs())]
    is_changed = region.maybe or region.optional or region.defaults
    return not (region.children() or is_changed or any(isinstance(v, ListValue) for v in values))


@dataclass
class _Match:
    sizes: dict[Size, Size] = field(default_factory=dict["Size", "Size"])
    computed: list[tuple[Size, Size]] = field(default_factory=list["tuple[Size, Size]"])
    """Sizes that follow from others, and what they have to be here."""
    own: dict[Value, Value] = field(default_factory=dict[Value, Value])
    """The values of the general call, as they are here."""
    made: dict[Value, Value] = field(default_factory=dict[Value, Value])

    def region(self, general: Region, special: Region) -> Generalized:
        for theirs, ours in zip(general.inputs, special.inputs, strict=True):
            self._value(theirs, ours)
        items: list[Node] = []
        for theirs, ours in zip(general.own_nodes(), special.own_nodes(), strict=True):
            items.append(self._node(theirs, ours))
        same = zip(general.outputs, special.outputs, strict=True)
        _demand(self.own.get(theirs) is ours for theirs, ours in same)
        _demand(_substitute(size, self.sizes) == here for size, here in self.computed)
        region = Region(
            kind="function",
            name=special.name,
            path=special.path,
            parent=special.parent,
            variable=special.variable,
            file=special.file,
            line=special.line,
            items=list(items),
            inputs=[self.made[value] for value in special.inputs],
            outputs=[self.made[value] for value in special.outputs],
            parameter={self.made.get(v, v): name for v, name in special.parameter.items()},
            given=special.given,
            options=special.options,
            facts={self.made[value]: layout for value, layout in special.facts.items()},
        )
        return Generalized(region, self.sizes, self.made)

    def _value(self, theirs: Value, ours: Value) -> Value:
        kind = self._type(theirs.type, ours.type)
        made = Value(ours.name, kind, ours.variable)
        self.own[theirs], self.made[ours] = ours, made
        return made

    def _node(self, theirs: Node, ours: Node) -> Node:
        _demand([theirs.target == ours.target, theirs.cast == ours.cast])
        _demand([len(theirs.args) == len(ours.args), theirs.kwargs.keys() == ours.kwargs.keys()])
        result = self._value(theirs.result, ours.result)
        given = list(ours.args)
        if ours.target in _RESHAPED and isinstance(ours.result.type, TensorType):
            given[1] = _explicit(given[1], ours.result.type.shape)
        args = [self._argument(*both) for both in zip(theirs.args, given, strict=True)]
        kwargs = {k: self._argument(theirs.kwargs[k], value) for k, value in ours.kwargs.items()}
        made = Node(ours.target, args, kwargs, result, ours.call, ours.sites, ours.function)
        made.cast = ours.cast
        result.node = made
        return made

    def _argument(self, theirs: Argument, ours: Argument) -> Argument:
        match theirs, ours:
            case Value(), Value():
                return self._read(theirs, ours)
            case list(), list() if len(theirs) == len(ours):
                return [self._argument(*both) for both in zip(theirs, ours, strict=True)]
            case -1, int() | Symbol() | Operation() if not isinstance(theirs, bool):
                return -1
            case ((int() | Symbol() | Operation()), (int() | Symbol() | Operation())) if not (
                isinstance(theirs, bool) or isinstance(ours, bool)
            ):
                return self._size(theirs, ours)
            case float(), float():
                return ours
            case _:
                _demand([type(theirs) is type(ours) and theirs == ours])
                return ours

    def _read(self, theirs: Value, ours: Value) -> Value:
        if theirs.state is None:
            _demand([self.own.get(theirs) is ours])
            return self.made[ours]
        _demand([ours.state is not None and _is_fixed(theirs.type) and _is_fixed(ours.type)])
        return ours

    def _type(self, theirs: ValueType, ours: ValueType) -> ValueType:
        match theirs, ours:
            case TensorType(), TensorType():
                return self._tensor(theirs, ours)
            case TupleType(), TupleType() if len(theirs.items) == len(ours.items):
                items = [self._item(*both) for both in zip(theirs.items, ours.items, strict=True)]
                return TupleType(tuple(items))
            case _:
                raise _Differ

    def _item(self, theirs: TensorType | None, ours: TensorType | None) -> TensorType | None:
        if theirs is None or ours is None:
            _demand([theirs is ours])
            return None
        return self._tensor(theirs, ours)

    def _tensor(self, theirs: TensorType, ours: TensorType) -> TensorType:
        _demand([(theirs.dtype, theirs.follows_model) == (ours.dtype, ours.follows_model)])
        _demand([theirs.rank == ours.rank])
        shape = tuple(self._size(*both) for both in zip(theirs.shape, ours.shape, strict=True))
        return TensorType(ours.dtype, shape, ours.follows_model)

    def _size(self, theirs: Size, ours: Size) -> Size:
        """Returns a size in the symbols of the general call, with the numbers of this one."""
        match theirs, ours:
            case Symbol(), _:
                _demand([self.sizes.setdefault(theirs, ours) == ours])
                return theirs
            case Operation(op, left, right), Operation(own_op, own_left, own_right) if op == own_op:
                return Operation(op, self._size(left, own_left), self._size(right, own_right))
            case Operation("*", left, int()), Symbol():
                # Once this size, where the other is a multiple of it.
                return Operation("*", self._size(left, ours), 1)
            case Operation("*", int(), right), Symbol():
                return Operation("*", 1, self._size(right, ours))
            case Operation(), _:
                self.computed.append((theirs, ours))
                return theirs
            case _:
                _demand([isinstance(ours, int)])
                return ours


def _demand(conditions: Iterable[bool]) -> None:
    if not all(conditions):
        raise _Differ


def _explicit(argument: Argument, shape: tuple[Size, ...]) -> Argument:
    """Returns the sizes of a new shape with the one that was left to be found."""
    if not isinstance(argument, list):
        return argument
    return [size if item == -1 else item for item, size in zip(argument, shape, strict=True)]


def _is_fixed(kind: ValueType) -> bool:
    return isinstance(kind, TensorType) and all(isinstance(size, int) for size in kind.shape)


def _substitute(size: Size, sizes: dict[Size, Size]) -> Size:
    match size:
        case Symbol():
            return sizes.get(size, size)
        case Operation(op, left, right):
            return combine(op, _substitute(left, sizes), _substitute(right, sizes))
        case _:
            return size
