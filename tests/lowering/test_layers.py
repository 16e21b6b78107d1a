"""Which ops become layers of candle_nn, and how those are made and called."""

import re
from pathlib import Path

import pytest

import pycandle.lowering
from pycandle.ir.types import TensorType
from pycandle.lowering.layers import LAYERS, RUNTIME_LAYERS, Layer, find_layer
from pycandle.lowering.operand import Layout, Operand
from pycandle.rust import printer
from pycandle.rust import tree as t

_RUNTIME = Path(pycandle.lowering.__file__).parent / "runtime"
_LINEAR, _CONV, _NORM = "aten.linear.default", "aten.conv2d.default", "aten.layer_norm.default"


def tensor(*shape, dtype="float32", layout=Layout.CONTIGUOUS) -> Operand:
    return Operand(t.Local("xs"), TensorType(dtype, shape, follows_model=True), layout)


def state(*shape, follows: bool = True) -> Operand:
    kind = TensorType("float32", shape, follows_model=follows)
    return Operand(t.Field(t.Local("self"), "weight"), kind, is_state=True)


def made(layer: Layer | None) -> str:
    assert layer is not None
    args = ", ".join(printer.expr(arg) for arg in layer.args)
    return f"{layer.constructor}({args})".replace("..Default::default()", "..")


IMAGE = tensor(2, 4, 8, 8)
CHANNELS = (state(4), state(4), state(4), state(4))


@pytest.mark.parametrize(
    ("overload", "args", "rust", "names"),
    [
        (_LINEAR, [tensor(2, 3), state(5, 3), state(5)], "linear(3, 5)", "weight bias"),
        (_LINEAR, [tensor(2, 3), state(5, 3)], "linear_no_bias(3, 5)", "weight"),
        (
            "aten.embedding.default",
            [state(9, 4), Operand(t.Local("ids"), TensorType("int64", (2,)))],
            "embedding(9, 4)",
            "weight",
        ),
        (_NORM, [tensor(2, 8), [8], state(8), state(8)], "layer_norm(8, 1e-5)", "weight bias"),
        (_NORM, [tensor(2, 8), [8], state(8)], "layer_norm_no_bias(8, 1e-5)", "weight"),
        (
            "aten.rms_norm.default",
            [tensor(2, 8), [8], state(8), 1e-6],
            "rms_norm(8, 1e-6)",
            "weight",
        ),
        (
            "pycandle.rms_norm.rounded",
            [tensor(2, 8), state(8), 1e-6],
            "rounded_rms_norm(8, 1e-6)",
            "weight",
        ),
        (
            "pycandle.rms_norm.offset",
            [tensor(2, 8), state(8), 1e-6],
            "offset_rms_norm(8, 1e-6)",
            "weight",
        ),
        (
            "aten.group_norm.default",
            [IMAGE, 2, state(4), state(4)],
            "group_norm(2, 4, 1e-5)",
            "weight bias",
        ),
        (
            "aten.batch_norm.default",
            [IMAGE, *CHANNELS, False, 0.1, 1e-5, False],
            "batch_norm(4, 1e-5)",
            "weight bias running_mean running_var",
        ),
        (
            "aten.batch_norm.default",
            [IMAGE, None, None, *CHANNELS[2:], False, 0.1, 1e-5, False],
            "batch_norm(4, BatchNormConfig { eps: 1e-5, affine: false, .. })",
            "running_mean running_var",
        ),
        (
            _CONV,
            [IMAGE, state(6, 4, 3, 3)],
            "conv2d_no_bias(4, 6, 3, Default::default())",
            "weight",
        ),
        (
            _CONV,
            [IMAGE, state(6, 2, 3, 3), state(6), [2, 2], [1, 1], [1, 1], 2],
            "conv2d(4, 6, 3, Conv2dConfig { padding: 1, stride: 2, groups: 2, .. })",
            "weight bias",
        ),
        (
            "aten.conv2d.padding",
            [IMAGE, state(6, 4, 3, 3), None, [1, 1], "same", [2, 2]],
            "conv2d_no_bias(4, 6, 3, Conv2dConfig { padding: 2, dilation: 2, .. })",
            "weight",
        ),
        (
            "aten.conv1d.default",
            [tensor(2, 4, 9), state(6, 4, 3), state(6)],
            "conv1d(4, 6, 3, Default::default())",
            "weight bias",
        ),
    ],
)
def test_an_op_on_a_modules_own_weights_is_a_layer(overload, args, rust, names):
    layer = find_layer(overload, args, {})

    assert made(layer) == rust
    assert layer is not None
    assert " ".join(layer.state) == names


@pytest.mark.parametrize(
    ("overload", "args"),
    [
        pytest.param("aten.relu.default", [IMAGE], id="an op without a layer"),
        pytest.param(_LINEAR, [tensor(2, 3), tensor(5, 3)], id="a weight that is no state"),
        pytest.param(_LINEAR, [tensor(2, 3), state(5, 3, follows=False)], id="another dtype"),
        pytest.param(_LINEAR, [tensor(3), state(5, 3)], id="an input of rank 1"),
        pytest.param(_LINEAR, [tensor(2, 2, 2, 2, 3), state(5, 3)], id="an input of rank 5"),
        pytest.param(_NORM, [tensor(2, 8), [8]], id="a norm without weights"),
        pytest.param(_NORM, [tensor(2, 3, 8), [3, 8], state(3, 8)], id="a norm over two dims"),
        pytest.param(_CONV, [IMAGE, state(6, 4, 3, 1)], id="a kernel that is not square"),
        pytest.param(_CONV, [IMAGE, state(6, 4, 3, 3), None, [1, 2]], id="two strides"),
        pytest.param(_CONV, [tensor(4, 8, 8), state(6, 4, 3, 3)], id="an image without a batch"),
        pytest.param(
            "aten.conv2d.padding",
            [IMAGE, state(6, 4, 2, 2), None, [1, 1], "same"],
            id="padding that differs between the sides",
        ),
        pytest.param(
            "aten.batch_norm.default",
            [IMAGE, *CHANNELS, True, 0.1, 1e-5, False],
            id="a batch norm in training",
        ),
        pytest.param(
            "aten.batch_norm.default",
            [IMAGE, state(4), None, *CHANNELS[2:], False, 0.1, 1e-5, False],
            id="a batch norm with half its weights",
        ),
        pytest.param("aten.rms_norm.default", [tensor(2, 8), [8], state(8)], id="no epsilon"),
        pytest.param(
            "pycandle.rms_norm.rounded",
            [tensor(2, 8), state(8, follows=False), 1e-6],
            id="a scale of another dtype",
        ),
    ],
)
def test_what_no_layer_computes_has_none(overload, args):
    assert find_layer(overload, args, {}) is None


def test_a_layer_is_lent_its_input():
    layer = find_layer(_CONV, [IMAGE, state(6, 4, 3, 3)], {})

    assert layer is not None
    assert printer.expr(layer.forward(t.Local("conv"), IMAGE)) == "conv.forward(&xs)?"


def test_a_strided_input_of_linear_is_copied_first():
    xs = tensor(2, 5, 3, layout=Layout.STRIDED)
    layer = find_layer(_LINEAR, [xs, state(5, 3)], {})

    assert layer is not None
    assert printer.expr(layer.forward(t.Local("fc"), xs)) == "fc.forward(&xs.contiguous()?)?"


def test_batch_norm_is_told_that_it_does_not_train():
    layer = find_layer("aten.batch_norm.default", [IMAGE, *CHANNELS, False, 0.1, 1e-5, False], {})

    assert layer is not None
    assert printer.expr(layer.forward(t.Local("bn"), IMAGE)) == "bn.forward_t(&xs, false)?"


def test_two_instances_of_a_class_have_one_tree_before_defaults_are_left_out():
    plain = find_layer(_CONV, [IMAGE, state(6, 4, 3, 3)], {})
    strided = find_layer(_CONV, [IMAGE, state(6, 4, 3, 3), None, [2, 2]], {})

    assert plain is not None
    assert strided is not None
    fields = [
        [name for name, _ in layer.full_args[3].fields]
        for layer in (plain, strided)
        if isinstance(layer.full_args[3], t.StructLiteral)
    ]
    assert fields == [["padding", "stride", "dilation", "groups"]] * 2


def test_layers_that_lose_digits_are_those_of_the_runtime():
    normalizations = [
        find_layer(_NORM, [tensor(2, 8), [8], state(8), state(8)], {}),
        find_layer(_NORM, [tensor(2, 8), [8], state(8)], {}),
        find_layer("aten.rms_norm.default", [tensor(2, 8), [8], state(8), 1e-6], {}),
        find_layer("pycandle.rms_norm.rounded", [tensor(2, 8), state(8), 1e-6], {}),
        find_layer("pycandle.rms_norm.offset", [tensor(2, 8), state(8), 1e-6], {}),
        find_layer("aten.group_norm.default", [IMAGE, 2, state(4), state(4)], {}),
    ]

    names = {name for layer in normalizations if layer is not None for name in layer.imports}
    assert names == set(RUNTIME_LAYERS)


def test_a_layer_of_the_runtime_is_where_it_is_imported_from():
    for name, kernel in RUNTIME_LAYERS.items():
        text = (_RUNTIME / f"{kernel}.rs").read_text("utf-8")
        made = "struct" if name[0].isupper() else "fn"
        assert re.search(rf"^pub {made} {name}\b", text, re.MULTILINE)


def test_every_layer_is_also_an_op_for_weights_of_others():
    from pycandle.lowering import LOWERINGS

    assert sorted(set(LAYERS) - set(LOWERINGS)) == []
