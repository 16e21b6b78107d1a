"""What `functionalize` makes of writes."""

import pytest

from passes.check import check, leaves_alone, refusals
from pycandle.errors import PyCandleError
from pycandle.ir.graph import Site
from pycandle.ir.parser import parse_graph
from pycandle.passes.functionalize import Functionalize


def test_a_write_to_a_value_becomes_a_new_value():
    check(
        Functionalize(),
        before="""
            graph(x: f32[2]):
              a: f32[2] = aten.neg.default(x)
              b: f32[2] = aten.relu_.default(a)
              c: f32[2] = aten.add.Tensor(a, b)
              return c
        """,
        after="""
            graph(x: f32[2]):
              a: f32[2] = aten.neg.default(x)
              b: f32[2] = aten.relu.default(a)
              c: f32[2] = aten.add.Tensor(b, b)
              return c
        """,
    )


def test_operators_are_written_as_their_plain_form():
    check(
        Functionalize(),
        before="""
            graph(x: bool[2], y: bool[2]):
              a: bool[2] = aten.__ior__.Tensor(x, y)
              return x
        """,
        after="""
            graph(x: bool[2], y: bool[2]):
              a: bool[2] = aten.__or__.Tensor(x, y)
              return a
        """,
    )


def test_a_graph_without_writes_is_left_alone():
    leaves_alone(
        Functionalize(),
        """
            graph(x: f32[2, 3]):
              a: f32[3, 2] = aten.transpose.int(x, 0, 1)
              b: f32[3, 2] = aten.relu.default(a)
              return a
        """,
    )


def test_a_write_to_part_of_a_tensor_that_is_read_later_rebuilds_it():
    check(
        Functionalize(),
        before="""
            graph(x: f32[2, s0]):
              a: f32[s0] = aten.select.int(x, 0, 1)
              b: f32[s0 - 1] = aten.slice.Tensor(a, 0, 1, 9223372036854775807)
              c: f32[s0 - 1] = aten.relu_.default(b)
              return x
        """,
        after="""
            graph(x: f32[2, s0]):
              a: f32[s0] = aten.select.int(x, 0, 1)
              b: f32[s0 - 1] = aten.slice.Tensor(a, 0, 1, 9223372036854775807)
              c: f32[s0 - 1] = aten.relu.default(b)
              b_after_1: f32[s0] = aten.slice_scatter.default(a, c, 0, 1, 9223372036854775807)
              a_after_1: f32[2, s0] = aten.select_scatter.default(x, b_after_1, 0, 1)
              return a_after_1
        """,
    )


def test_a_write_to_a_view_whose_base_is_not_read_later_rebuilds_nothing():
    check(
        Functionalize(),
        before="""
            graph(x: f32[2, 3]):
              a: f32[6] = aten.reshape.default(x, [6])
              b: f32[6] = aten.relu_.default(a)
              return b
        """,
        after="""
            graph(x: f32[2, 3]):
              a: f32[6] = aten.reshape.default(x, [6])
              b: f32[6] = aten.relu.default(a)
              return b
        """,
    )


def test_a_view_that_is_read_after_a_write_to_its_base_is_taken_again():
    check(
        Functionalize(),
        before="""
            graph(x: f32[2, 3]):
              a: f32[3, 2] = aten.t.default(x)
              b: f32[2, 3] = aten.mul_.Tensor(x, 2)
              return a
        """,
        after="""
            graph(x: f32[2, 3]):
              a: f32[3, 2] = aten.t.default(x)
              b: f32[2, 3] = aten.mul.Tensor(x, 2)
              a_after_1: f32[3, 2] = aten.t.default(b)
              return a_after_1
        """,
    )


def test_a_write_to_one_view_reaches_another():
    check(
        Functionalize(),
        before="""
            graph(x: f32[2, 3]):
              a: f32[6] = aten.view.default(x, [6])
              b: f32[1, 2, 3] = aten.unsqueeze.default(x, 0)
              c: f32[6] = aten.zero_.default(a)
              return b
        """,
        after="""
            graph(x: f32[2, 3]):
              a: f32[6] = aten.view.default(x, [6])
              b: f32[1, 2, 3] = aten.unsqueeze.default(x, 0)
              c: f32[6] = aten.zero.default(a)
              a_after_1: f32[2, 3] = aten.reshape.default(c, [2, 3])
              b_after_1: f32[1, 2, 3] = aten.unsqueeze.default(a_after_1, 0)
              return b_after_1
        """,
    )


def test_a_write_to_one_of_several_parts_rebuilds_the_whole():
    check(
        Functionalize(),
        before="""
            graph(x: f32[4, s0 * 2]):
              a: (f32[4, s0], f32[4, s0]) = aten.split.Tensor(x, s0, -1)
              p: f32[4, s0] = operator.getitem(a, 0)
              q: f32[4, s0] = operator.getitem(a, 1)
              b: f32[4, s0] = aten.add_.Tensor(q, 1)
              return x
        """,
        after="""
            graph(x: f32[4, s0 * 2]):
              a: (f32[4, s0], f32[4, s0]) = aten.split.Tensor(x, s0, -1)
              p: f32[4, s0] = operator.getitem(a, 0)
              q: f32[4, s0] = operator.getitem(a, 1)
              b: f32[4, s0] = aten.add.Tensor(q, 1)
              q_after_1: f32[4, s0 * 2] = aten.slice_scatter.default(x, b, -1, s0, s0 + s0, 1)
              return q_after_1
        """,
    )


def test_parts_of_an_op_with_memory_of_its_own_are_values_like_others():
    check(
        Functionalize(),
        before="""
            graph(x: f32[4]):
              a: (f32[], i64[]) = aten.max.dim(x, 0)
              m: f32[] = operator.getitem(a, 0)
              b: f32[] = aten.add_.Tensor(m, 1)
              return x, max=m
        """,
        after="""
            graph(x: f32[4]):
              a: (f32[], i64[]) = aten.max.dim(x, 0)
              m: f32[] = operator.getitem(a, 0)
              b: f32[] = aten.add.Tensor(m, 1)
              return x, max=b
        """,
    )


def test_a_write_keeps_the_dtype_of_what_it_writes_to():
    check(
        Functionalize(),
        before="""
            graph(x: f32*[2], y: f32[2]):
              a: f32*[2] = aten.mul_.Tensor(x, y)
              return x
        """,
        after="""
            graph(x: f32*[2], y: f32[2]):
              a_after_1: f32[2] = aten.mul.Tensor(x, y)
              a: f32*[2] = aten.to.dtype(a_after_1, dtype(float32)) cast input_dtype
              return a
        """,
    )


def test_a_comparison_writes_numbers():
    check(
        Functionalize(),
        before="""
            graph(x: f32[2]):
              a: f32[2] = aten.lt_.Scalar(x, 1)
              return x
        """,
        after="""
            graph(x: f32[2]):
              a_after_1: bool[2] = aten.lt.Scalar(x, 1)
              a: f32[2] = aten.to.dtype(a_after_1, dtype(float32)) cast fixed
              return a
        """,
    )


def test_an_op_that_renames_dims_in_place_is_a_view():
    check(
        Functionalize(),
        before="""
            graph(x: f32[2]):
              a: f32[2, 1] = aten.unsqueeze_.default(x, 1)
              b: f32[2, 1] = aten.relu_.default(a)
              return x
        """,
        after="""
            graph(x: f32[2]):
              a: f32[2, 1] = aten.unsqueeze.default(x, 1)
              b: f32[2, 1] = aten.relu.default(a)
              return b
        """,
    )


def test_modules_take_and_return_what_they_had_at_the_time():
    check(
        Functionalize(),
        before="""
            graph(x: f32[2]):
              a: f32[2] = aten.neg.default(x) @ act#1
              b: f32[2] = aten.relu_.default(a) @ act#1
              c: f32[2] = aten.add_.Tensor(a, 1) @ last#2 in f#0
              return a

              call 0: ""#0 Net
              call 1: act#0 Act of 0 (x=x) -> a
              call 2: last#0 Last of 0 (x=a) -> a
              function 0: f of 2 (x=a) at "net.py":3
        """,
        after="""
            graph(x: f32[2]):
              a: f32[2] = aten.neg.default(x) @ act#1
              b: f32[2] = aten.relu.default(a) @ act#1
              c: f32[2] = aten.add.Tensor(b, 1) @ last#2 in f#0
              return c

              call 0: ""#0 Net
              call 1: act#0 Act of 0 (x=x) -> b
              call 2: last#0 Last of 0 (x=b) -> c
              function 0: f of 2 (x=b) at "net.py":3
        """,
    )


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("a: f32[2] = aten.add_.Tensor(w, x)", "writes to the model's own `net.w`"),
        (
            "v: f32[1] = aten.slice.Tensor(w, 0, 0, 1)\na: f32[1] = aten.zero_.default(v)",
            "writes to the model's own `net.w`",
        ),
        (
            "v: f32[3, 2] = aten.expand.default(x, [3, 2])\na: f32[3, 2] = aten.zero_.default(v)",
            "writes through `aten.expand.default`",
        ),
        (
            "v: f32[2] = aten.contiguous.default(x)\na: f32[2] = aten.zero_.default(v)",
            "a tensor that `aten.contiguous.default` may or may not share",
        ),
        ("a: f32[2] = aten.set_.source_Tensor(x, w)", "exchanges its memory"),
        ("a: () = aten._foreach_add_.Scalar([x, w], 1)", "more than its first operand"),
        ("a: f32[2] = aten.add.out(w, w, out=x)", "more than its first operand"),
        ("a: f16[2] = aten.mul_.Tensor(h, m)", "the dtype that it computes in"),
    ],
)
def test_a_write_that_cannot_be_followed_is_refused(lines: str, reason: str):
    text = f"graph(x: f32[2], h: f16[2], m: f32*[2]):\nstate w: f32[2] = net.w\n{lines}\nreturn x"

    (found,) = refusals(Functionalize(), text)

    assert "has an effect that cannot be followed" in found
    assert reason in found


def test_all_refused_writes_are_reported_with_their_python_lines():
    graph = parse_graph("""
        graph(x: f32[2]):
          state w: f32[2] = net.w
          a: f32[2] = aten.relu_.default(w)
          b: f32[2] = aten.neg.default(x)
          c: f32[2] = aten.zero_.default(w)
          return b
    """)
    graph.nodes[0].sites = (Site("net.py", 3, "Net.forward", "w.relu_()"),)

    with pytest.raises(PyCandleError) as caught:
        Functionalize().run(graph)

    first, second = caught.value.diagnostics
    assert first.place is not None
    assert first.place.render() == "net.py:3"
    assert "zero_" in second.title
