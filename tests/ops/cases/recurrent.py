"""Rows of recurrent layers."""

from ops.case import OpCase, T, f16, f32, f64, model


def _params(gates: int, layers: int, directions: int, biases: bool, make=f32) -> list[T]:
    """Returns weights of layers with 3 inputs and a hidden state of 4."""
    found: list[T] = []
    for layer in range(layers):
        width = 3 if layer == 0 else 4 * directions
        for _ in range(directions):
            found += [make(4 * gates, width), make(4 * gates, 4)]
            found += [make(4 * gates), make(4 * gates)] if biases else []
    return found


def _case(
    name: str, layers: int, directions: int, biases: bool, first: bool, make=f32, **options
) -> OpCase:
    gates = {"lstm": 4, "gru": 3}.get(name, 1)
    states = make(layers * directions, 2, 4)
    hx = [states, make(layers * directions, 2, 4)] if name == "lstm" else states
    xs = make(*((2, 5, 3) if first else (5, 2, 3)))
    params = _params(gates, layers, directions, biases, make)
    numbers = (biases, layers, options.pop("dropout", 0.0), options.pop("train", False))
    args = (xs, hx, params, *numbers, directions == 2, first)
    return OpCase(f"aten.{name}.input", args, **options)


_NAMES = ("lstm", "gru", "rnn_tanh", "rnn_relu")

CASES = [
    *(_case(name, 1, 1, True, False) for name in _NAMES),
    *(_case(name, 2, 2, True, True) for name in _NAMES),
    *(_case(name, 2, 1, False, True) for name in _NAMES),
    *(_case(name, 1, 2, False, False, make) for name in _NAMES for make in (f64, f16, model)),
    *(_case(name, 1, 1, True, False, dropout=0.5, train=True, refused="train") for name in _NAMES),
    OpCase(
        "aten.gru.input",
        (f32("t", 2, 3), f32(1, 2, 4), _params(3, 1, 1, True), True, 1, 0.0, False, False, False),
        sizes=({"t": 1}, {"t": 6}),
    ),
    OpCase(
        "aten.lstm.input",
        (
            *(f32(5, 2, 3), [f32(1, 2, 3), f32(1, 2, 4)]),
            [f32(16, 3), f32(16, 3), f32(3, 4)],
            *(False, 1, 0.0, False, False, False),
        ),
        refused="params",
    ),
    OpCase(
        "aten.gru.input",
        (f32(5, 2, 3), f16(1, 2, 4), _params(3, 1, 1, True), True, 1, 0.0, False, False, False),
        refused="params",
    ),
]
