"""Modules that cannot be kept dissolve into what is around them, and no others."""

import pytest

from pycandle.codegen.structure.regions import build_tree
from pycandle.ir.parser import parse_graph

CYCLE = """\
graph(x: f32*[s0, 4]):
  a: f32*[s0, 4] = aten.sin.default(x) @ left#1
  b: f32*[s0, 4] = aten.cos.default(a){middle}
  c: f32*[s0, 4] = aten.exp.default(b) @ left#1
  d: f32*[s0, 4] = aten.tanh.default(c) @ right#2
  return d

  call 0: ""#0 net.Net
  call 1: left#0 net.Half of 0
  call 2: right#0 net.Half of 0
"""


@pytest.mark.parametrize(
    ("middle", "inlined", "kept"),
    [("", ["left"], ["right"]), (" @ left#1", [], ["left", "right"])],
)
def test_what_follows_a_cycle_is_kept(middle: str, inlined: list[str], kept: list[str]) -> None:
    graph = parse_graph(CYCLE.format(middle=middle))
    found: list[str] = []

    root = build_tree(graph, found)

    assert found == inlined
    assert [child.path for child in root.children()] == kept


TURNS = """\
graph(x: f32*[s0, 4]):
  a: f32*[s0, 4] = aten.sin.default(x) @ left#1
  b: f32*[s0, 4] = aten.cos.default({second}) @ right#2
  c: f32*[s0, 4] = aten.exp.default({third}) @ left#1
  d: f32*[s0, 4] = aten.tanh.default(b) @ right#2
  e: f32*[s0, 4] = aten.mul.Tensor(c, d)
  return e

  call 0: ""#0 net.Net
  call 1: left#0 net.Half of 0
  call 2: right#0 net.Half of 0
"""


def test_modules_that_take_turns_are_put_one_after_the_other() -> None:
    found: list[str] = []

    root = build_tree(parse_graph(TURNS.format(second="x", third="a")), found)

    assert found == []
    assert [node.result.name for node in root.nodes()] == ["a", "c", "b", "d", "e"]


def test_of_modules_that_need_each_other_one_is_inlined() -> None:
    found: list[str] = []

    root = build_tree(parse_graph(TURNS.format(second="a", third="b")), found)

    assert found == ["left"]
    assert [child.path for child in root.children()] == ["right"]
    order = [node.result.name for node in root.nodes()]
    assert order.index("a") < order.index("b") < order.index("c")
