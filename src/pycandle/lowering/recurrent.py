"""Recurrent layers."""

from __future__ import annotations

from collections.abc import Sequence

from pycandle.lowering.arguments import boolean, require_float, same_type, tensor_slice
from pycandle.lowering.registry import Operand, Result, Several, Unsupported, lowers
from pycandle.rust import tree as t


@lowers("aten.lstm.input")
def lstm(
    input: Operand,
    hx: list[Operand],
    params: list[Operand],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
    batch_first: bool,
    *,
    out: Result,
) -> Several:
    """aten::lstm.input(Tensor input, Tensor[] hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor, Tensor)"""  # noqa: E501
    _require(input, [*hx, *params], train and dropout > 0)
    if hx[0].shape[-1] != hx[1].shape[-1]:
        raise Unsupported("params", "with a projection", supported="hidden states as wide as cells")
    numbers = _numbers(has_biases, num_layers, bidirectional, batch_first)
    kernel = out.runtime("lstm")
    return Several(t.call(kernel, input.lent(), tensor_slice(hx), tensor_slice(params), *numbers))


@lowers("aten.gru.input")
def gru(
    input: Operand,
    hx: Operand,
    params: list[Operand],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
    batch_first: bool,
    *,
    out: Result,
) -> Several:
    """aten::gru.input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor)"""  # noqa: E501
    _require(input, [hx, *params], train and dropout > 0)
    numbers = _numbers(has_biases, num_layers, bidirectional, batch_first)
    return _with_one_state("gru", input, hx, params, numbers, out)


@lowers("aten.rnn_tanh.input")
def rnn_tanh(
    input: Operand,
    hx: Operand,
    params: list[Operand],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
    batch_first: bool,
    *,
    out: Result,
) -> Several:
    """aten::rnn_tanh.input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor)"""  # noqa: E501
    _require(input, [hx, *params], train and dropout > 0)
    numbers = _numbers(has_biases, num_layers, bidirectional, batch_first)
    return _with_one_state("rnn_tanh", input, hx, params, numbers, out)


@lowers("aten.rnn_relu.input")
def rnn_relu(
    input: Operand,
    hx: Operand,
    params: list[Operand],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
    batch_first: bool,
    *,
    out: Result,
) -> Several:
    """aten::rnn_relu.input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first) -> (Tensor, Tensor)"""  # noqa: E501
    _require(input, [hx, *params], train and dropout > 0)
    numbers = _numbers(has_biases, num_layers, bidirectional, batch_first)
    return _with_one_state("rnn_relu", input, hx, params, numbers, out)


def _with_one_state(
    name: str, x: Operand, hx: Operand, params: list[Operand], numbers: list[t.Expr], out: Result
) -> Several:
    kernel = out.runtime(name)
    return Several(t.call(kernel, x.lent(), hx.lent(), tensor_slice(params), *numbers))


def _require(x: Operand, others: Sequence[Operand], is_random: bool) -> None:
    require_float(x, "input")
    if is_random:
        raise Unsupported("train", True, supported="False: call `model.eval()` first")
    for other in others:
        if not same_type(other.type, x.type):
            raise Unsupported("params", f"a tensor of {other.dtype}", supported="the input's dtype")


def _numbers(
    has_biases: bool, num_layers: int, bidirectional: bool, batch_first: bool
) -> list[t.Expr]:
    layers = t.usize(num_layers, "num_layers")
    return [boolean(has_biases), layers, boolean(bidirectional), boolean(batch_first)]
