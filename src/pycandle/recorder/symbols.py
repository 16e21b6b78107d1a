"""Symbolic sizes of torch as expressions of the manifest."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sympy
import torch
from torch.utils._sympy import functions

from pycandle.manifest.schema import Size
from pycandle.manifest.sizes import Expr, Integer, Operation, Symbol, render


class InexpressibleSize(Exception):
    """A size that the manifest has no expression for, such as one scaled by a float."""


@dataclass
class SymbolNames:
    """Names of an exported program's symbols: `s0`, `s1` ... in order of appearance."""

    names: dict[sympy.Symbol, str] = field(default_factory=dict)

    def name(self, symbol: sympy.Symbol) -> str:
        """Returns the name of a symbol, which is given on first use."""
        return self.names.setdefault(symbol, f"s{len(self.names)}")

    def size(self, value: int | torch.SymInt) -> Size:
        """Returns a size as the manifest writes it; raises InexpressibleSize."""
        if isinstance(value, torch.SymInt):
            return self.size_of(value.node.expr)
        return int(value)

    def size_of(self, expression: Any) -> Size:
        """Returns a sympy expression as the manifest writes it; raises InexpressibleSize."""
        expression = _without_negative_quotients(expression)
        if expression.is_Integer:
            return int(expression)
        # Symbols are met in the order in which sympy prints them, not in that of its hashes.
        return render(self.tree(expression))

    def tree(self, expression: Any) -> Expr:
        """Returns the tree of a sympy expression of integers."""
        match expression:
            case sympy.Integer():
                return _integer(int(expression))
            case sympy.Symbol():
                return Symbol(self.name(expression))
            case sympy.Add() | sympy.Mul():
                return self._fraction(expression)
            case sympy.Pow() | functions.PowByNatural():
                return self._power(*expression.args)
            case functions.CleanDiv() | functions.FloorDiv():
                return self._operation("//", expression.args)
            case functions.Mod() | functions.PythonMod():
                return self._remainder(*expression.args)
            case functions.Max() | functions.Min() | sympy.Max() | sympy.Min():
                return self._extremum(
                    "Max" if "Max" in type(expression).__name__ else "Min", expression
                )
            case functions.CeilDiv():
                left, right = expression.args
                return self._operation("//", (_raised(left, right), right))
            case functions.TruncToInt() | functions.FloorToInt() | functions.CeilToInt():
                return self._rounded(type(expression).__name__, expression.args[0])
            case functions.Identity():
                return self.tree(expression.args[0])
            case _:
                raise InexpressibleSize(str(expression))

    def _fraction(self, expression: Any) -> Expr:
        """A sum or a product; a rational factor is a division, exact because sizes are whole."""
        together: Any = sympy.together(expression, deep=False)
        numerator, denominator = together.as_numer_denom()
        if denominator == 1:
            return self._sum_or_product(numerator)
        if not denominator.is_Integer:
            raise InexpressibleSize(str(expression))
        return Operation("//", (self.tree(numerator), Integer(int(denominator))))

    def _sum_or_product(self, expression: Any) -> Expr:
        match expression:
            case sympy.Add():
                return self._sum(expression)
            case sympy.Mul():
                factor, rest = expression.as_coeff_Mul()
                if factor == -1:
                    return Operation("neg", (self.tree(rest),))
                return self._operation("*", expression.as_ordered_factors())
            case _:
                return self.tree(expression)

    def _sum(self, expression: Any) -> Expr:
        terms = sorted(expression.as_ordered_terms(), key=lambda term: term.is_number)
        terms.sort(key=lambda term: bool(term.could_extract_minus_sign()))
        plus = [term for term in terms if not term.could_extract_minus_sign()]
        tree = self._operation("+", plus) if plus else None
        for term in (term for term in terms if term.could_extract_minus_sign()):
            right = self.tree(-term)
            tree = Operation("neg", (right,)) if tree is None else Operation("-", (tree, right))
        assert tree is not None
        return tree

    def _power(self, base: Any, exponent: Any) -> Expr:
        if not (exponent.is_Integer and 1 <= exponent <= 8):
            raise InexpressibleSize(f"{base}**{exponent}")
        return self._operation("*", [base] * int(exponent))

    def _rounded(self, kind: str, value: Any) -> Expr:
        """A quotient of integers rounded to an integer; torch divides sizes exactly up to 2**53."""
        if isinstance(value, functions.ToFloat):
            return self.tree(value.args[0])
        scaled = _scaled(value)
        if scaled is not None:
            value = functions.IntTrueDiv(*scaled, evaluate=False)
        if not isinstance(value, functions.IntTrueDiv):
            raise InexpressibleSize(str(value))
        left, right = value.args
        if kind == "TruncToInt" and _may_be_negative(left):
            # Rounding down is truncation only of what is not negative.
            raise InexpressibleSize(f"{kind}({value})")
        if kind == "CeilToInt":
            left = _raised(left, right)
        return self._operation("//", (left, right))

    def _remainder(self, left: Any, right: Any) -> Expr:
        if _is_negative(left) and _is_positive(right):
            over = Operation("%", (self.tree(-left), self.tree(right)))
            return Operation("%", (Operation("-", (self.tree(right), over)), self.tree(right)))
        return self._operation("%", (left, right))

    def _extremum(self, op: Any, expression: Any) -> Expr:
        """Max(a, b - c) is Max(a + c, b) - c, in which nothing is negative."""
        taken = sympy.Add(*(-term for arg in expression.args for term in _negative_terms(arg)))
        args = sorted((arg + taken for arg in expression.args), key=str)
        tree = self._operation(op, args)
        return tree if taken == 0 else Operation("-", (tree, self.tree(taken)))

    def _operation(self, op: Any, args: Any) -> Expr:
        trees = tuple(self.tree(arg) for arg in args)
        return trees[0] if len(trees) == 1 else Operation(op, trees)


def _integer(value: int) -> Expr:
    return Integer(value) if value >= 0 else Operation("neg", (Integer(-value),))


def _raised(left: Any, right: Any) -> Any:
    """Returns what is to be divided so that a quotient of integers is rounded up."""
    return left + right - 1


@cache
def _without_negative_quotients(expression: Any) -> Any:
    """Writes -a // b and a // -b as -((a + b - 1) // b), so that signs around it cancel."""
    if not expression.has(functions.FloorDiv):
        return expression

    def turned(item: Any) -> Any:
        left, right = _sides(item)
        if _is_positive(-right):
            return -type(item)(_raised(left, -right), -right)
        return -type(item)(_raised(-left, right), right)

    def is_turned(item: Any) -> bool:
        if not isinstance(item, functions.FloorDiv):
            return False
        left, right = _sides(item)
        return (_is_negative(left) and _is_positive(right)) or _is_positive(-right)

    return expression.replace(is_turned, turned)


def _sides(quotient: Any) -> tuple[Any, Any]:
    left, right = quotient.args
    return left, right


def _is_positive(value: Any) -> bool:
    return bool(value.is_Integer and value > 0)


def _is_negative(value: Any) -> bool:
    """Whether an expression is one of sizes with the sign turned."""
    return bool(_negative_terms(value)) and len(_negative_terms(value)) == len(_terms(value))


def _may_be_negative(value: Any) -> bool:
    """Whether an expression is below zero for some sizes, as far as sizes of 1 and 2 tell."""
    symbols = sorted(value.free_symbols, key=str)
    if not all(term.is_Integer for term in _negative_terms(value)):
        return True
    return any(bool(value.xreplace(dict.fromkeys(symbols, sympy.Integer(k))) < 0) for k in (1, 2))


def _terms(value: Any) -> tuple[Any, ...]:
    return sympy.Add.make_args(value)


def _negative_terms(value: Any) -> list[Any]:
    return [term for term in _terms(value) if term.could_extract_minus_sign()]


EXACT = 2**20
"""Factors beyond this, times a size, are not exact in a float of 53 bits."""


def _scaled(value: Any) -> tuple[Any, Any] | None:
    """Returns a size times a float as an integer product and what divides it, if that is exact."""
    if not isinstance(value, sympy.Mul) or len(value.args) != 2:
        return None
    factor, size = value.args
    if not (isinstance(factor, sympy.Float) and isinstance(size, functions.ToFloat)):
        return None
    numerator, denominator = float(factor).as_integer_ratio()
    if not (0 < numerator <= EXACT and denominator <= EXACT):
        return None
    whole: Any = size.args[0]
    return sympy.Mul(whole, numerator), sympy.Integer(denominator)
