"""Einstein summation of two tensors as one batched product."""

from __future__ import annotations

from collections.abc import Sequence

from pycandle.ir.sizes import Size, product
from pycandle.lowering.arguments import dims_expr, require_float, to_result
from pycandle.lowering.elementwise import in_wide_integers
from pycandle.lowering.registry import Layout, Lowered, Operand, Result, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.einsum.default")
def einsum(
    equation: str, tensors: list[Operand], *, path: list[int] | None = None, out: Result
) -> t.Expr | Lowered:
    """aten::einsum(str equation, Tensor[] tensors, *, int[]? path=None) -> Tensor

    `path` orders the products of three tensors and more, and two have one order.
    """
    inputs, result = _parse(equation, tensors)
    if not out.tensor.is_integer:
        for x in tensors:
            require_float(x, "tensors")
    if len(tensors) != 2:
        raise Unsupported("tensors", f"{len(tensors)} tensors", supported="2")
    left, right = inputs
    for subscripts in (left, right, result):
        if len(set(subscripts)) != len(subscripts):
            raise Unsupported("equation", equation, supported="a letter once in each operand")

    def compute(out: Result) -> t.Expr | Lowered:
        operands = (to_result(tensors[0], out), to_result(tensors[1], out))
        return _contract(equation, (left, right, result), operands, out)

    return in_wide_integers(out, compute)


def _parse(equation: str, tensors: list[Operand]) -> tuple[list[str], str]:
    text = equation.replace(" ", "")
    if "." in text:
        raise Unsupported("equation", equation, supported="letters")
    arguments, arrow, result = text.partition("->")
    inputs = arguments.split(",")
    if not arrow:
        joined = "".join(inputs)
        result = "".join(sorted(c for c in set(joined) if joined.count(c) == 1))
    if [len(subscripts) for subscripts in inputs] != [x.rank for x in tensors]:
        raise Unsupported("equation", equation, supported="a letter for each dim")
    return inputs, result


def _contract(
    equation: str, subscripts: tuple[str, str, str], operands: tuple[Operand, Operand], out: Result
) -> t.Expr | Lowered:
    """Sorts the letters into batch, rows, sum and columns: (b, m, k) times (b, k, n)."""
    left, right, result = subscripts
    sizes: dict[str, Size] = {}
    for letters, x in zip((left, right), operands, strict=True):
        for letter, size in zip(letters, x.shape, strict=True):
            if sizes.setdefault(letter, size) != size:
                raise Unsupported("tensors", f"sizes of `{letter}`", supported="equal sizes")
    batch = [c for c in left if c in right and c in result]
    rows = [c for c in left if c not in right]
    summed = [c for c in left if c in right and c not in result]
    columns = [c for c in right if c not in left]
    if any(c not in result for c in rows + columns) or len(result) != len(batch + rows + columns):
        raise Unsupported("equation", equation, supported="sums over letters of both operands")
    first = _matrices(operands[0], left, (batch, rows, summed), sizes, out)
    second = _matrices(operands[1], right, (batch, summed, columns), sizes, out)
    if out.tensor.is_integer:
        found = t.call(out.runtime("matmul"), t.ref(first), t.ref(second))
    else:
        found = t.method(first, "matmul", t.ref(second))
    letters = [*batch, *rows, *columns]
    found = t.method(found, "reshape", _shape([[c] for c in letters], sizes, out))
    if letters == list(result):
        return found
    order = [letters.index(c) for c in result]
    return Lowered(t.method(found, "permute", dims_expr(order)), Layout.STRIDED)


def _matrices(
    x: Operand, letters: str, groups: Sequence[list[str]], sizes: dict[str, Size], out: Result
) -> t.Expr:
    """Returns an operand as (batch, rows, columns), each the product of a group of dims."""
    order = [letters.index(c) for group in groups for c in group]
    permuted = t.method(x.expr, "permute", dims_expr(order))
    expr = x.expr if order == list(range(x.rank)) else permuted
    return t.method(expr, "reshape", _shape(groups, sizes, out))


def _shape(groups: Sequence[list[str]], sizes: dict[str, Size], out: Result) -> t.Expr:
    found = [out.sizes(product(tuple(sizes[c] for c in group))) for group in groups]
    if len(found) > 6:
        return t.Reference(t.array_of(found))
    return found[0] if len(found) == 1 else t.tuple_of(found)
