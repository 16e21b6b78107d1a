"""Prints the Rust tree as text; `rustfmt` has the last word on the layout."""

from __future__ import annotations

import math
from dataclasses import replace
from struct import pack
from typing import assert_never

from pycandle.rust import tree as t

_PRECEDENCE = {
    "||": 1, "&&": 2, "==": 3, "!=": 3, "<": 3, ">": 3, "<=": 3, ">=": 3, "..": 0,
    "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}  # fmt: skip
_CAST = 7
_UNARY = 8
_POSTFIX = 9
_ATOM = 10
_NOT_CHAINED = frozenset({"==", "!=", "<", ">", "<=", ">=", ".."})


def number(value: t.Literal, type_: str, *, suffix: bool = False) -> str:
    """Returns a Rust literal that reads back as exactly this number."""
    if value is None:
        return "None"
    if isinstance(value, tuple):
        inside = expr(value[0]) if len(value) == 1 else expr(t.Tuple(value))
        return f"Some({inside})"
    if type(value) not in (int, float, bool):
        raise TypeError(f"a number that is to be computed is printed as {value!r}")
    if type_ in ("f64", "f32"):
        value = float(value)
        if math.isnan(value):
            return f"{type_}::NAN"
        if math.isinf(value):
            return f"{type_}::INFINITY" if value > 0 else f"{type_}::NEG_INFINITY"
        if value in _CONSTANTS and type_ == "f64":
            return f"std::f64::consts::{_CONSTANTS[value]}"
        return (_float(value) if type_ == "f64" else _float32(value)) + (type_ if suffix else "")
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{int(value)}{type_ if suffix else ''}"


_CONSTANTS = {
    math.e: "E",
    math.pi: "PI",
    math.pi / 2: "FRAC_PI_2",
    math.tau: "TAU",
    1 / math.pi: "FRAC_1_PI",
    2 / math.pi: "FRAC_2_PI",
    math.sqrt(2): "SQRT_2",
    math.sqrt(0.5): "FRAC_1_SQRT_2",
    2 / math.sqrt(math.pi): "FRAC_2_SQRT_PI",
    math.log(2): "LN_2",
    math.log(10): "LN_10",
    math.log2(math.e): "LOG2_E",
    math.log10(math.e): "LOG10_E",
}
"""Clippy asks for these names, and they are exact."""


def _float32(value: float) -> str:
    """Returns the shortest decimal that reads back as the nearest `f32`."""
    exact = pack("f", value)
    for digits in range(1, 18):
        text = f"{value:.{digits}g}"
        if pack("f", float(text)) == exact:
            return _float(float(text))
    return _float(value)


def _float(value: float) -> str:
    """Returns the shortest decimal that reads back, with a point or an exponent."""
    text = repr(value)
    mantissa, _, exponent = text.partition("e")
    if exponent:
        return f"{mantissa}e{int(exponent)}"
    return text


def expr(node: t.Expr, precedence: int = -1) -> str:
    """Returns an expression, in parentheses where it binds weaker than its place."""
    text, own = _expr(node)
    return f"({text})" if own < precedence else text


def _args(items: tuple[t.Expr, ...]) -> str:
    return ", ".join(expr(item) for item in items)


def _expr(node: t.Expr) -> tuple[str, int]:
    """Returns the text of an expression, and how strongly it binds."""
    match node:
        case t.Path(text) | t.Local(text):
            return text, _ATOM
        case t.Number(value, type_, _, suffix):
            text = number(value, type_, suffix=suffix)
            return text, _UNARY if text.startswith("-") else _ATOM
        case t.Text(value):
            return text_literal(value), _ATOM
        case t.Field(owner, name):
            return f"{expr(owner, _POSTFIX)}.{name}", _POSTFIX
        case t.Index(owner, position):
            return f"{expr(owner, _POSTFIX)}[{position}]", _POSTFIX
        case t.Method(receiver, name, args):
            return f"{_receiver(receiver)}.{name}({_args(args)})", _POSTFIX
        case t.Call(function, args):
            return f"{function}({_args(args)})", _POSTFIX
        case t.Try(inner):
            return f"{expr(inner, _POSTFIX)}?", _POSTFIX
        case t.Reference(inner):
            return f"&{expr(inner, _UNARY)}", _UNARY
        case t.Binary(op, left, right):
            return _binary(op, left, right), _PRECEDENCE[op]
        case t.Negate(op, inner):
            text = expr(inner, _UNARY)
            return f"{op}({text})" if text.startswith("-") else f"{op}{text}", _UNARY
        case t.Cast(inner, type_):
            return f"{expr(inner, _CAST)} as {type_}", _CAST
        case t.Tuple(items):
            return f"({_args(items)}{',' if len(items) == 1 else ''})", _ATOM
        case t.Array(items):
            return f"[{_args(items)}]", _ATOM
        case t.Closure(params, body):
            return f"|{params}| {expr(body)}", 0
        case t.StructLiteral() | t.Block() | t.Match() | t.If():
            return _braced(node), _ATOM
        case _:
            assert_never(node)


def _braced(node: t.StructLiteral | t.Block | t.Match | t.If) -> str:
    """Returns an expression that ends in a brace."""
    match node:
        case t.StructLiteral(name, fields, rest):
            parts = [
                f if isinstance(e, t.Local) and e.name == f else f"{f}: {expr(e)}"
                for f, e in fields
            ]
            if rest is not None:
                parts.append(f"..{expr(rest)}")
            return f"{name} {{ {', '.join(parts)} }}"
        case t.Block(statements, result):
            inside = "\n".join(statement(item) for item in statements)
            return f"{{\n{inside}\n{expr(result)}\n}}"
        case t.Match(subject, arms):
            lines = "".join(f"{pattern} => {expr(body)},\n" for pattern, body in arms)
            return f"match {_head(subject)} {{\n{lines}}}"
        case t.If(condition, yes, no):
            return f"if {_head(condition)} {_in_braces(yes)} else {_otherwise(no)}"


def _in_braces(branch: t.Expr) -> str:
    """Returns a branch of an `if`; a block has braces of its own."""
    return expr(branch) if isinstance(branch, t.Block) else f"{{ {expr(branch)} }}"


def _otherwise(branch: t.Expr) -> str:
    """Returns what follows `else`: another `if`, or a branch."""
    return expr(branch) if isinstance(branch, t.If) else _in_braces(branch)


def _receiver(node: t.Expr) -> str:
    """Returns the receiver of a method; rustc needs to know the type of a number that is one."""
    if isinstance(node, t.Number) and isinstance(node.value, int | float):
        node = replace(node, suffix=not isinstance(node.value, bool))
    return expr(node, _POSTFIX)


def _binary(op: str, left: t.Expr, right: t.Expr) -> str:
    level = _PRECEDENCE[op]
    # `a < b < c` and `a..b..c` are no Rust.
    first = expr(left, level + (op in _NOT_CHAINED))
    if op == "<" and _ends_in_cast(left) and not first.endswith(")"):
        # `a as usize < b` reads as the start of generic arguments.
        first = f"({first})"
    return f"{first} {op} {expr(right, level + 1)}"


def _ends_in_cast(node: t.Expr) -> bool:
    match node:
        case t.Cast():
            return True
        case t.Binary(_, _, right):
            return _ends_in_cast(right)
        case _:
            return False


def _head(node: t.Expr) -> str:
    """Returns what stands before the brace of a block, which is no place for a struct literal."""
    return f"({expr(node)})" if _shows_struct(node) else expr(node)


def _shows_struct(node: t.Expr) -> bool:
    """Whether a struct literal stands in an expression outside of parentheses."""
    match node:
        case t.StructLiteral():
            return True
        case t.Binary(_, left, right):
            return _shows_struct(left) or _shows_struct(right)
        case t.Field(inner) | t.Index(inner) | t.Method(inner):
            return _shows_struct(inner)
        case t.Try(inner) | t.Reference(inner) | t.Negate(_, inner) | t.Cast(inner):
            return _shows_struct(inner)
        case _:
            return False


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def text_literal(value: str) -> str:
    """Returns a string literal on one line."""
    text = "".join(
        _ESCAPES.get(c) or (c if c.isprintable() else f"\\u{{{ord(c):x}}}") for c in value
    )
    return f'"{text}"'


def statement(node: t.Statement) -> str:
    """Returns a statement with its semicolon."""
    match node:
        case t.Let(pattern, value, mutable):
            return f"let {'mut ' if mutable else ''}{pattern} = {expr(value)};"
        case t.Assign(target, value):
            return f"{target} = {expr(value)};"
        case t.For(pattern, iterable, body):
            inside = "\n".join(statement(item) for item in body)
            return f"for {pattern} in {_head(iterable)} {{\n{inside}\n}}"
        case t.Run(value):
            return f"{expr(value)};"
        case t.Guard(condition, message, variable):
            # The message is a format string.
            plain = message.replace("{", "{{").replace("}", "}}")
            said = plain.replace(f"{{{{{variable}}}}}", f"{{{variable}}}") if variable else plain
            text = text_literal(said)
            return f"if {_head(condition)} {{\ncandle_core::bail!({text})\n}}"
        case _:
            assert_never(node)


def function(node: t.Function, visibility: str = "") -> str:
    """Returns a function with its documentation; `visibility` is that of one not public."""
    params = [f"{p.name}: {p.type}" for p in node.params]
    if node.receiver:
        params.insert(0, "&self")
    result = f"Result<{node.result}>" if node.fallible else node.result
    lines = [f"/// {line}".rstrip() for line in node.doc]
    start = "pub " if node.public else visibility
    lines.append(f"{start}fn {node.name}({', '.join(params)}) -> {result} {{")
    lines += [statement(item) for item in node.body]
    lines += [_tail(node), "}"]
    return "\n".join(lines)


def _tail(node: t.Function) -> str:
    return _returned(node.tail) if node.fallible else expr(node.tail)


def _returned(value: t.Expr) -> str:
    """Returns what a fallible body ends in, each branch of a choice with `Ok(..)` of its own."""
    match value:
        case t.Try(inner):
            return expr(inner)
        case t.If(condition, yes, no):
            return f"if {_head(condition)} {{ {_branch(yes)} }} else {{ {_branch(no)} }}"
        case _:
            return f"Ok({expr(value)})"


def _branch(value: t.Expr) -> str:
    """Returns a branch at the end of a fallible body, within its braces."""
    if isinstance(value, t.Block):
        lines = [statement(item) for item in value.statements]
        return "\n".join(["", *lines, _returned(value.result)])
    return _returned(value)


def struct(node: t.Struct, visibility: str = "") -> str:
    """Returns a struct and its methods; what is not public starts with `visibility`.

    Fields are private to a struct that has methods.
    """
    start = "pub " if node.public else visibility
    start_of_field = "pub " if node.public_fields else "" if node.methods else visibility
    lines = [f"/// {line}".rstrip() for line in node.doc]
    lines += [f"#[derive({node.derive})]", f"{start}struct {node.name} {{"]
    for item in node.fields:
        if item.doc:
            lines.append(f"/// {item.doc}")
        lines.append(f"{start_of_field}{item.name}: {item.type},")
    lines.append("}")
    if node.methods:
        methods = "\n\n".join(function(item, visibility) for item in node.methods)
        lines += ["", f"impl {node.name} {{", methods, "}"]
    return "\n".join(lines)


def enum(node: t.Enum, visibility: str = "") -> str:
    """Returns an enum."""
    lines = [f"/// {line}".rstrip() for line in node.doc]
    is_plain = not any(type_ for _, type_ in node.variants)
    traits = "Debug, Clone, Copy, PartialEq, Eq" if is_plain else "Debug, Clone"
    start = "pub " if node.public else visibility
    lines += [f"#[derive({traits})]", f"{start}enum {node.name} {{"]
    lines += [f"{name}({type_})," if type_ else f"{name}," for name, type_ in node.variants]
    return "\n".join([*lines, "}"])


def item(node: t.Item, visibility: str = "") -> str:
    """Returns an item of a file; what is not public starts with `visibility`."""
    match node:
        case t.Struct():
            return struct(node, visibility)
        case t.Enum():
            return enum(node, visibility)
        case t.Function():
            return function(node, visibility)


def file(node: t.File) -> str:
    """Returns a whole source file, not yet formatted."""
    parts = ["\n".join(f"//! {line}".rstrip() for line in node.doc)]
    if node.modules:
        parts.append("\n".join(f"mod {name};" for name in node.modules))
    if node.uses:
        parts.append("\n".join(f"use {item};" for item in node.uses))
    for one in node.items:
        parts.append(item(one, "pub(super) " if one.name in node.shared else ""))
    return "\n\n".join(parts) + "\n"
