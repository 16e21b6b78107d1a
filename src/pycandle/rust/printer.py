"""Prints the Rust tree as text; `rustfmt` has the last word on the layout."""

from __future__ import annotations

import math
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


def number(value: t.Literal, type_: str, *, suffix: bool = False) -> str:
    """Returns a Rust literal that reads back as exactly this number."""
    if value is None:
        return "None"
    if isinstance(value, tuple):
        inside = expr(value[0]) if len(value) == 1 else expr(t.Tuple(value))
        return f"Some({inside})"
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
    match node:
        case t.Path(text):
            return text, 10
        case t.Local(name):
            return name, 10
        case t.Number(value, type_, _, suffix):
            negative = isinstance(value, int | float) and value < 0
            return number(value, type_, suffix=suffix), _UNARY if negative else 10
        case t.Text(value):
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"', 10
        case t.Field(owner, name):
            return f"{expr(owner, _POSTFIX)}.{name}", _POSTFIX
        case t.Method(receiver, name, args):
            return f"{expr(receiver, _POSTFIX)}.{name}({_args(args)})", _POSTFIX
        case t.Call(function, args):
            return f"{function}({_args(args)})", _POSTFIX
        case t.Try(inner):
            return f"{expr(inner, _POSTFIX)}?", _POSTFIX
        case t.Reference(inner):
            return f"&{expr(inner, _UNARY)}", _UNARY
        case t.Binary(op, left, right):
            level = _PRECEDENCE[op]
            return f"{expr(left, level)} {op} {expr(right, level + 1)}", level
        case t.Negate(op, inner):
            return f"{op}{expr(inner, _UNARY)}", _UNARY
        case t.Cast(inner, type_):
            return f"{expr(inner, _CAST)} as {type_}", _CAST
        case t.Tuple(items):
            return f"({_args(items)}{',' if len(items) == 1 else ''})", 10
        case t.Array(items):
            return f"[{_args(items)}]", 10
        case t.Closure(params, body):
            return f"|{params}| {expr(body)}", 0
        case t.StructLiteral(name, fields, rest):
            parts = [
                f if isinstance(e, t.Local) and e.name == f else f"{f}: {expr(e)}"
                for f, e in fields
            ]
            if rest is not None:
                parts.append(f"..{expr(rest)}")
            return f"{name} {{ {', '.join(parts)} }}", 10
        case t.Block(statements, result):
            inside = "\n".join(statement(item) for item in statements)
            return f"{{\n{inside}\n{expr(result)}\n}}", 10
        case t.Match(subject, arms):
            lines = "".join(f"{pattern} => {expr(body)},\n" for pattern, body in arms)
            return f"match {expr(subject)} {{\n{lines}}}", 10
        case t.If(condition, yes, no):
            return f"if {expr(condition)} {{ {expr(yes)} }} else {{ {expr(no)} }}", 10
        case _:
            assert_never(node)


def statement(node: t.Statement) -> str:
    """Returns a statement with its semicolon."""
    match node:
        case t.Let(pattern, value, mutable):
            return f"let {'mut ' if mutable else ''}{pattern} = {expr(value)};"
        case t.Assign(target, value):
            return f"{target} = {expr(value)};"
        case t.For(pattern, iterable, body):
            inside = "\n".join(statement(item) for item in body)
            return f"for {pattern} in {expr(iterable)} {{\n{inside}\n}}"
        case t.Run(value):
            return f"{expr(value)};"
        case t.Guard(condition, message):
            return f"if {expr(condition)} {{\ncandle_core::bail!({expr(t.Text(message))})\n}}"
        case _:
            assert_never(node)


def function(node: t.Function) -> str:
    """Returns a function with its documentation."""
    params = [f"{p.name}: {p.type}" for p in node.params]
    if node.receiver:
        params.insert(0, "&self")
    result = f"Result<{node.result}>" if node.fallible else node.result
    lines = [f"/// {line}".rstrip() for line in node.doc]
    lines.append(
        f"{'pub ' if node.public else ''}fn {node.name}({', '.join(params)}) -> {result} {{"
    )
    lines += [statement(item) for item in node.body]
    lines += [_tail(node), "}"]
    return "\n".join(lines)


def _tail(node: t.Function) -> str:
    if not node.fallible:
        return expr(node.tail)
    if isinstance(node.tail, t.Try):
        return expr(node.tail.inner)
    return f"Ok({expr(node.tail)})"


def struct(node: t.Struct) -> str:
    """Returns a struct and its methods."""
    lines = [f"/// {line}".rstrip() for line in node.doc]
    lines += [f"#[derive({node.derive})]", f"{'pub ' if node.public else ''}struct {node.name} {{"]
    for item in node.fields:
        if item.doc:
            lines.append(f"/// {item.doc}")
        lines.append(f"{'pub ' if node.public_fields else ''}{item.name}: {item.type},")
    lines.append("}")
    if node.methods:
        methods = "\n\n".join(function(item) for item in node.methods)
        lines += ["", f"impl {node.name} {{", methods, "}"]
    return "\n".join(lines)


def file(node: t.File) -> str:
    """Returns a whole source file, not yet formatted."""
    parts = ["\n".join(f"//! {line}".rstrip() for line in node.doc)]
    if node.modules:
        parts.append("\n".join(f"mod {name};" for name in node.modules))
    if node.uses:
        parts.append("\n".join(f"use {item};" for item in node.uses))
    parts += [struct(item) if isinstance(item, t.Struct) else function(item) for item in node.items]
    return "\n\n".join(parts) + "\n"
