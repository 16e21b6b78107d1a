"""Rust for sizes: read once from the arguments of a function, computed from there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pycandle.formulas import Setting
from pycandle.ir.configured import ConfiguredInt
from pycandle.ir.graph import Value
from pycandle.ir.signs import needs_sign, with_signs_last
from pycandle.ir.sizes import Operation, Size, Symbol
from pycandle.ir.types import TensorType
from pycandle.lowering.operand import Unsupported
from pycandle.lowering.pairs import held_rank
from pycandle.lowering.signed_sizes import SignOfDivisor, signed
from pycandle.rust import tree as t
from pycandle.rust.names import Names, snake


class UnknownSize(Exception):
    """A size that no argument of the function shows."""

    def __init__(self, size: Size) -> None:
        """Keeps the size."""
        self.size = size
        super().__init__(str(size))


@dataclass
class Sizes:
    """The sizes that one function reads from its arguments."""

    arguments: list[tuple[Value, str]]
    """The tensor arguments and their names, in order."""
    names: Names
    symbols: dict[Size, str]
    """Names that symbols would like to have."""
    wanted: dict[Size, str] = field(default_factory=dict[Size, str])
    """Names for symbols that an argument shows, which nothing else in the function has."""
    bound: dict[Size, t.Expr] = field(default_factory=dict[Size, t.Expr])
    may_ask: bool = False
    """Whether a size that no argument shows becomes an argument itself."""
    asked: list[tuple[Size, str]] = field(default_factory=list["tuple[Size, str]"])
    """Sizes that are arguments, and their names."""
    reads: dict[tuple[int, int], str] = field(default_factory=dict["tuple[int, int]", str])
    """Argument and dim, and the variable that holds its size."""

    def __post_init__(self) -> None:
        """Keeps names for the symbols that are sizes of arguments; multiples of them are not."""
        shown = {
            size
            for value, _ in self.arguments
            if isinstance(value.type, TensorType)
            for size in value.type.shape
        }
        self.wanted = {
            size: self.names.fresh(name) for size, name in self.symbols.items() if size in shown
        }

    def expr(self, size: Size) -> t.Expr:
        """Returns Rust for a size. Raises UnknownSize."""
        if isinstance(size, int):
            return t.usize(size, "size")
        if size not in self.bound:
            self.bound[size] = self._find(size)
        return self.bound[size]

    def shown(self, number: t.Number) -> t.Expr | None:
        """Returns a number that follows from settings as a size of an argument, or a part of one.

        None where no argument shows it with every choice of the settings.
        """
        value = number.value
        if number.type != "usize" or not isinstance(value, ConfiguredInt):
            return None
        read = self._read(value, value)
        if read is not None:
            return read
        for factor in (2, 3, 4):
            for found in self._settings():
                if found // factor == value and found == value * factor:
                    whole = self._read(found, found)
                    assert whole is not None
                    return t.Binary("/", whole, t.usize(factor, "size"))
        return None

    def _settings(self) -> Iterator[int]:
        """Yields the sizes of arguments that follow from settings."""
        for value, _ in self.arguments:
            if isinstance(value.type, TensorType):
                yield from (size for size in value.type.shape if isinstance(size, ConfiguredInt))

    def _find(self, size: Size) -> t.Expr:
        read = self._read(size, size)
        if read is not None:
            return read
        if isinstance(size, Operation):
            if needs_sign(size):
                return self._signed(size)
            try:
                left, right = self.expr(size.left), self.expr(size.right)
            except UnknownSize:
                raise UnknownSize(size) from None
            if size.op in ("max", "min"):
                return t.Method(left, size.op, (right,))
            return t.Binary("/" if size.op == "//" else size.op, left, right)
        inverted = self._invert(size)
        if inverted is not None:
            return inverted
        if not self.may_ask:
            raise UnknownSize(size)
        name = self.names.fresh(self.symbols.get(size, "n"))
        self.asked.append((size, name))
        return t.Local(name, copy=True)

    def _signed(self, size: Operation) -> t.Expr:
        """Returns a size of which a step is below zero: without that step, or by way of `i64`."""
        ordered = with_signs_last(size)
        if not needs_sign(ordered):
            return self.expr(ordered)
        try:
            return t.Cast(signed(ordered, self.expr), "usize")
        except SignOfDivisor:
            raise Unsupported("size", size, supported="divisors above zero") from None

    def _read(self, size: Size, name_for: Size) -> t.Expr | None:
        """Returns the variable for a dim of an argument that has exactly this size."""
        for index, (value, _) in enumerate(self.arguments):
            if not isinstance(value.type, TensorType):
                continue
            for dim, found in enumerate(value.type.shape):
                if found == size:
                    name = self.reads.get((index, dim)) or self.wanted.get(name_for)
                    name = name or self.names.fresh(_setting_name(size) or _dim_name(0, dim))
                    self.reads[index, dim] = name
                    return t.Local(name, copy=True)
        return None

    def _invert(self, size: Size) -> t.Expr | None:
        """Returns a symbol from a dim that is a multiple of it."""
        for value, _ in self.arguments:
            if not isinstance(value.type, TensorType):
                continue
            for found in value.type.shape:
                match found:
                    case Operation("*", left, int(factor)) if left == size:
                        pass
                    case Operation("*", int(factor), right) if right == size:
                        pass
                    case _:
                        continue
                whole = self.bound.get(found) or self._read(found, found)
                assert whole is not None
                self.bound[found] = whole
                return t.Binary("/", whole, t.usize(factor, "size"))
        return None

    def statements(self, is_read: Callable[[str], bool]) -> list[t.Statement]:
        """Returns the `let` that reads the sizes, one for each argument.

        `is_read`: whether the body mentions a variable; a lowering may ask for a size and then do
        without.
        """
        found: list[t.Statement] = []
        for index, (value, name) in enumerate(self.arguments):
            dims = {
                dim: var for (arg, dim), var in self.reads.items() if arg == index and is_read(var)
            }
            if not dims:
                continue
            assert isinstance(value.type, TensorType)
            owner, rank = t.Local(name, borrowed=True), held_rank(value.type)
            if len(dims) == 1 or rank > 5:
                for dim, var in sorted(dims.items()):
                    found.append(t.Let(var, t.method(owner, "dim", t.Path(str(dim)))))
                continue
            pattern = ", ".join(dims.get(dim, "_") for dim in range(rank))
            found.append(t.Let(f"({pattern})", t.method(owner, f"dims{rank}")))
        return found


def _setting_name(size: Size) -> str:
    """Returns the name of the setting that a size is; empty where it is none."""
    formula = size.formula if isinstance(size, ConfiguredInt) else None
    return snake(formula.path.rpartition(".")[2]) if isinstance(formula, Setting) else ""


def name_symbols(inputs: list[Value]) -> dict[Size, str]:
    """Returns a name for each symbol by where it first stands in the inputs: `b`, `s`, `h`, `w`."""
    found: dict[Size, str] = {}
    names = Names()
    for value in inputs:
        if not isinstance(value.type, TensorType):
            continue
        rank = value.type.rank
        for dim, size in enumerate(value.type.shape):
            if isinstance(size, Symbol) and size not in found:
                found[size] = names.fresh(_dim_name(rank, dim))
    return found


def name_locally(inputs: list[Value], names: dict[Size, str]) -> dict[Size, str]:
    """Returns the names for one body: `s` for the first length that its own arguments show.

    `names` are those of the model, where the second length is `s2`. Bodies that are equal but for
    which length they see are so in Rust.
    """
    shown = [
        size
        for value in inputs
        if isinstance(value.type, TensorType)
        for size in value.type.shape
        if size in names
    ]
    local = Names()
    return {
        size: local.fresh(names[size].rstrip("0123456789"))
        for size in dict.fromkeys([*shown, *names])
    }


def _dim_name(rank: int, dim: int) -> str:
    if dim == 0:
        return "b"
    if rank in (2, 3) and dim == 1:
        return "s"
    if rank == 4 and dim in (2, 3):
        return "h" if dim == 2 else "w"
    return "n"
