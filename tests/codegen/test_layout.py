"""What the dry run finds of a graph's surface."""

import textwrap

from pycandle.codegen.structure.layout import find_layouts
from pycandle.ir.parser import parse_graph


def test_complex_tensors_of_a_surface_are_refused_by_name() -> None:
    graph = parse_graph(
        textwrap.dedent("""
        graph(x: c64[2, 3]):
          y: c64[2, 3] = aten.neg.default(x)
          z: f32[2, 3] = aten.real.default(y)
          return y
    """)
    )

    found = find_layouts(graph).problems

    assert [(item.code, item.place.detail) for item in found] == [
        ("unsupported-dtype", "input `x`"),
        ("unsupported-dtype", "output `output`"),
    ]


def test_complex_tensors_inside_are_taken() -> None:
    graph = parse_graph(
        textwrap.dedent("""
        graph(x: f32[2, 3, 2]):
          y: c64[2, 3] = aten.view_as_complex.default(x)
          z: f32[2, 3] = aten.real.default(y)
          return z
    """)
    )

    assert find_layouts(graph).problems == []


def test_an_op_without_complex_numbers_is_refused_with_the_operand() -> None:
    graph = parse_graph(
        textwrap.dedent("""
        graph(x: f32[2, 3, 2]):
          y: c64[2, 3] = aten.view_as_complex.default(x)
          z: c64[2, 3] = aten.exp.default(y)
          w: f32[2, 3] = aten.real.default(z)
          return w
    """)
    )

    found = find_layouts(graph).problems

    assert [item.title for item in found] == [
        "`aten.exp.default` with `self` = a tensor of complex64"
    ]
