"""What writes into its operand has a lowering once it is functional."""

import pytest

from pycandle.ir.overloads import functional_overload
from pycandle.ir.types import TensorType
from pycandle.lowering import LOWERINGS
from pycandle.lowering.operand import Operand, Result, Unsupported
from pycandle.rust import tree as t

_IN_PLACE = (
    *("relu_.default", "add_.Tensor", "add_.Scalar", "index_put_.default", "copy_.default"),
    *("div_.Tensor", "silu_.default", "mul_.Tensor", "mul_.Scalar", "sub_.Tensor", "neg_.default"),
    *("hardswish_.default", "hardtanh_.default", "leaky_relu_.default", "elu_.default"),
    *("fill_.Scalar", "fill_.Tensor", "zero_.default", "detach_.default", "clamp_.default"),
    *("masked_fill_.Scalar", "masked_fill_.Tensor", "scatter_.value", "scatter_.src"),
    *("sigmoid_.default", "tanh_.default", "exp_.default", "sqrt_.default"),
    *("__iand__.Tensor", "__ior__.Tensor", "__ixor__.Tensor", "bitwise_and_.Tensor"),
    *("scatter_add_.default", "index_add_.default", "tril_.default", "triu_.default"),
)
"""Those of 98 families of timm and 306 architectures of transformers, and their like."""


@pytest.mark.parametrize("overload", _IN_PLACE)
def test_an_in_place_op_has_a_lowering(overload: str):
    functional = functional_overload(f"aten.{overload}")

    assert functional in LOWERINGS


@pytest.mark.parametrize("part", ["select_scatter", "slice_scatter", "diagonal_scatter"])
def test_a_write_into_a_view_has_a_lowering(part: str):
    assert f"aten.{part}.default" in LOWERINGS


def test_a_power_in_place_is_not_read_the_wrong_way_round():
    kind = TensorType("float32", (3,))
    base = Operand(t.Local("xs"), kind)
    result = Result(kind, lambda _: t.usize(3), lambda: base.expr, lambda: base.expr, str)

    with pytest.raises(Unsupported, match="a tensor"):
        LOWERINGS["aten.pow.Scalar"]([base, 2], {}, result)
