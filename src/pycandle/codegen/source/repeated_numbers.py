"""Gives a number that `new` computes more than once a variable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from dataclasses import replace as replace_field
from typing import Any

from pycandle.rust import tree as t
from pycandle.rust.names import Names
from pycandle.rust.rewrite import bound_in, mentions, replace

_CONSTRUCTORS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("linear", "linear_no_bias"), ("in_features", "out_features")),
    **dict.fromkeys(
        ("conv1d", "conv1d_no_bias", "conv2d", "conv2d_no_bias"),
        ("in_channels", "out_channels", "kernel_size"),
    ),
    "batch_norm": ("num_features",),
    "embedding": ("num_embeddings", "embedding_dim"),
    "layer_norm": ("normalized_shape",),
    "rms_norm": ("normalized_shape",),
}
"""What the constructors of layers take, by the names that PyTorch has for it."""

_FEWEST_SHORT = 3
"""How often `cfg.dim * 4` must stand to be a variable; what is longer, twice."""


def name_repeated_numbers(items: Sequence[t.Item], named: Mapping[t.Expr, str]) -> list[t.Item]:
    """Returns items whose `new` computes each number once, and their functions that make layers.

    `named`: numbers for which Python has a name.
    """
    known = _Known(named, {**_CONSTRUCTORS, **dict(_own_parameters(items))})
    return [_named(item, known) for item in items]


@dataclass(frozen=True)
class _Known:
    named: Mapping[t.Expr, str]
    parameters: Mapping[str, tuple[str, ...]]
    """What each function takes."""


def _own_parameters(items: Sequence[t.Item]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for item in items:
        functions = item.methods if isinstance(item, t.Struct) else (item,)
        for function in functions:
            if isinstance(function, t.Function) and not function.receiver:
                path = f"{item.name}::" if isinstance(item, t.Struct) else ""
                yield f"{path}{function.name}", tuple(p.name for p in function.params)


def _named(item: t.Item, known: _Known) -> t.Item:
    match item:
        case t.Struct(methods=methods):
            made = (_once(one, known) if one.name == "new" else one for one in methods)
            return replace_field(item, methods=tuple(made))
        case t.Function(params=params) if any(p.type == "VarBuilder" for p in params):
            return _once(item, known)
        case _:
            return item


def _once(function: t.Function, known: _Known) -> t.Function:
    sizes = frozenset(p.name for p in function.params if p.type in ("usize", "f64"))
    taken = {p.name for p in function.params} | set(bound_in((function.body, function.tail)))
    names = Names({*taken, "cfg", "config", "vb"})
    own = len(sizes)
    # What refuses settings comes first: a number need not exist where it does.
    checks = tuple(line for line in function.body if isinstance(line, t.Guard | t.Run))
    whole: Any = (function.body[len(checks) :], function.tail)
    while True:
        counts = Counter(_computed(whole, sizes))
        always = set(_computed(whole, sizes, always=True))
        found = [
            one
            for one, count in counts.items()
            if count > 1 and _pays(one, count) and (one in always or not _may_fail(one))
        ]
        if not found:
            body, tail = whole
            return replace_field(function, body=(*checks, *body), tail=tail)
        # What is converted is a size more often than what it is converted from.
        best = max(found, key=lambda one: (_operators(one), isinstance(one, t.Cast)))
        name = _name(best, whole, known, names.taken)
        name = names.fresh(name)
        body, tail = _exchanged(whole, best, t.Local(name, copy=True), sizes)
        readers = (at for at, line in enumerate(body) if mentions(line, name))
        at = min(next(readers, len(body)), len(sizes) - own)
        whole = ((*body[:at], t.Let(name, best), *body[at:]), tail)
        sizes |= {name}


def _computed(node: Any, sizes: frozenset[str], *, always: bool = False) -> Iterator[t.Expr]:
    """Yields what is computed of settings and of `sizes` alone, each part too.

    `always`: without what is computed in some cases only.
    """
    if _is_computed(node) and _is_number(node, sizes):
        yield node
    if always and isinstance(node, t.Match | t.If | t.Closure):
        return
    for child, left in _children(node, sizes):
        yield from _computed(child, left, always=always)


def _is_computed(node: Any) -> bool:
    inner = node.inner if isinstance(node, t.Cast) else node
    return isinstance(inner, t.Binary | t.Method)


def _may_fail(node: t.Expr) -> bool:
    """Whether a number does not exist for some settings: divided by 0, or below it."""
    match node:
        case t.Binary(op, left, right):
            divides = op in ("/", "%") and not isinstance(right, t.Number)
            return divides or op == "-" or _may_fail(left) or _may_fail(right)
        case t.Method(receiver, _, args):
            return any(map(_may_fail, (receiver, *args)))
        case t.Cast(inner, _):
            return _may_fail(inner)
        case _:
            return False


def _children(node: Any, sizes: frozenset[str]) -> Iterator[tuple[Any, frozenset[str]]]:
    """Yields what a node holds, each with the sizes that no pattern hides there."""
    match node:
        case t.Match(subject, arms):
            yield subject, sizes
            for pattern, body in arms:
                yield body, sizes.difference(bound_in(t.Let(pattern, body)))
        case t.Closure(params, body):
            yield body, sizes.difference(bound_in(t.Let(params, body)))
        case t.Block(statements, result):
            left = sizes.difference(bound_in(statements))
            yield from ((item, left) for item in (*statements, result))
        case tuple():
            yield from ((item, sizes) for item in node)  # pyright: ignore[reportUnknownVariableType]
        case _ if is_dataclass(node):
            yield from ((getattr(node, item.name), sizes) for item in fields(node))
        case _:
            return


def _is_number(node: t.Expr, sizes: frozenset[str]) -> bool:
    match node:
        case t.Number(int() | float()):
            return True
        case t.Field(t.Local("cfg"), _) | t.Index(t.Field(t.Local("cfg"), _), _):
            return True
        case t.Local(name):
            return name in sizes
        case t.Binary(op, left, right) if op in ("+", "-", "*", "/", "%"):
            return _is_number(left, sizes) and _is_number(right, sizes)
        case t.Method(receiver, _, args):
            return all(_is_number(part, sizes) for part in (receiver, *args))
        case t.Cast(inner, _):
            return _is_number(inner, sizes)
        case _:
            return False


def _operators(node: t.Expr) -> int:
    match node:
        case t.Binary(_, left, right):
            return 1 + _operators(left) + _operators(right)
        case t.Method(receiver, _, args):
            return 1 + sum(map(_operators, (receiver, *args)))
        case t.Cast(inner, _):
            return _operators(inner)
        case _:
            return 0


def _leaves(node: t.Expr) -> set[t.Expr]:
    """Returns the settings and variables of a number."""
    match node:
        case t.Binary(_, left, right):
            return _leaves(left) | _leaves(right)
        case t.Method(receiver, _, args):
            return set[t.Expr]().union(*map(_leaves, (receiver, *args)))
        case t.Cast(inner, _):
            return _leaves(inner)
        case t.Number():
            return set()
        case _:
            return {node}


def _pays(node: t.Expr, count: int) -> bool:
    """Whether a number reads better as a variable; without a setting, it is a literal."""
    leaves = _leaves(node)
    if not leaves:
        return False
    is_long = _operators(node) > 1 or len(leaves) > 1
    return count >= (2 if is_long else _FEWEST_SHORT)


def _exchanged(node: Any, old: t.Expr, new: t.Expr, sizes: frozenset[str]) -> Any:
    """Rebuilds a tree with a variable for a number, but where a pattern hides what it reads."""
    if _is_computed(node) and node == old:
        return new if _is_number(node, sizes) else node
    hidden = {id(child): left for child, left in _children(node, sizes)}

    def substitute(item: Any) -> Any:
        if id(item) in hidden:
            return _exchanged(item, old, new, hidden[id(item)])
        return None

    return replace(node, substitute) if hidden else node


def _name(best: t.Expr, whole: Any, known: _Known, taken: set[str]) -> str:
    """Returns what Python calls a number, or what takes it; with the field where that is taken."""
    role = known.named.get(best) or _role(whole, best, known.parameters) or "size"
    if role not in taken:
        return role
    _, tail = whole
    fields_of = tail.fields if isinstance(tail, t.StructLiteral) else ()
    first = (name for name, value in fields_of if best in set(_computed(value, frozenset(taken))))
    field = next(first, "")
    return f"{field}_{role}" if field else role


def _role(node: Any, wanted: t.Expr, parameters: Mapping[str, tuple[str, ...]]) -> str:
    """Returns what the first call or struct that takes a number calls it."""
    match node:
        case t.StructLiteral(_, values, _):
            pairs = list(values)
        case t.Call(function, args) if function in parameters:
            pairs = list(zip(parameters[function], args, strict=False))
        case _:
            pairs = []
    for name, value in pairs:
        if value == wanted:
            return name
    inside = (_role(child, wanted, parameters) for child, _ in _children(node, frozenset()))
    return next((name for name in inside if name), "")
