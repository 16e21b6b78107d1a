"""Checks of an entry that follow from others are left out, and no others."""

import pytest

from pycandle.codegen.bodies.entry_checks import input_guards
from pycandle.ir.graph import Condition, Graph
from pycandle.ir.parser import parse_graph
from pycandle.ir.sizes import Operation, Symbol
from pycandle.rust import tree as t
from pycandle.rust.printer import expr

H = Symbol("s1")
NOT_ONE = Condition(H, "!=", 1)


def checks(*conditions: Condition) -> list[str]:
    graph: Graph = parse_graph("graph(x: f32[s0, s1]):\n  return x")
    graph.conditions = list(conditions)
    guards = input_guards([t.Param("x", "&Tensor")], graph, {H: "h"})
    return [expr(guard.condition) for guard in guards]


def test_what_another_check_says_as_well_is_left_out() -> None:
    assert checks(NOT_ONE, Condition(10, "<", H)) == ["x.dim(1)? <= 10"]
    assert checks(NOT_ONE, Condition(Operation("%", H, 2), "==", 0)) == [
        "!x.dim(1)?.is_multiple_of(2)"
    ]


@pytest.mark.parametrize("other", [Condition(H, "!=", 2), Condition(H, "<", 9)])
def test_what_no_other_check_says_stays(other: Condition) -> None:
    assert checks(NOT_ONE, other)[0] == "x.dim(1)? == 1"


def test_a_check_that_stands_twice_is_not_left_out_twice() -> None:
    assert "x.dim(1)? == 1" in checks(NOT_ONE, Condition(H, "!=", 1))
