"""From the sizes of a manifest to the sizes of the IR."""

from collections.abc import Callable
from functools import lru_cache, reduce
from itertools import count

from pycandle.ir.sizes import Operation, Size, Symbol, combine
from pycandle.manifest import sizes as recorded


@lru_cache(maxsize=65536)
def import_size(size: int | str) -> Size:
    """Returns a size of the IR. Raises `manifest.sizes.SizeError` for text that is no size."""
    return size if isinstance(size, int) else _convert(recorded.parse(size))


def import_configured(text: str, number: Callable[[int, int], int]) -> Size:
    """Returns a size with other integers; `number` gets the position of each, and the integer."""
    counter = count()

    def exchanged(tree: recorded.Expr) -> recorded.Expr:
        match tree:
            case recorded.Integer(value):
                return recorded.Integer(number(next(counter), value))
            case recorded.Operation(op, args):
                return recorded.Operation(op, tuple(exchanged(arg) for arg in args))
            case _:
                return tree

    return _convert(exchanged(recorded.parse(text)))


_NAMES = {"Max": "max", "Min": "min"}


def _convert(tree: recorded.Expr) -> Size:
    match tree:
        case recorded.Integer(value):
            return value
        case recorded.Symbol(name):
            return Symbol(name)
        case recorded.Operation("neg", (inner,)):
            return combine("*", -1, _convert(inner))
        case recorded.Operation(op, args):
            name = _NAMES.get(op, op)
            return reduce(lambda a, b: _ordered(name, a, b), (_convert(arg) for arg in args))


def _ordered(op: str, left: Size, right: Size) -> Size:
    """Combines two sizes; a number stands behind the `+` and the `*` that it belongs to."""
    if op == "+" and isinstance(left, int) and not isinstance(right, int):
        left, right = right, left
    if op == "+" and isinstance(right, Operation) and right.op == "*" and right.left == -1:
        return combine("-", left, right.right)
    if op == "+" and isinstance(right, int) and right < 0:
        return combine("-", left, -right)
    return combine(op, left, right)
