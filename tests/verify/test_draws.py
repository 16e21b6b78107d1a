"""Seeded weights and inputs."""

import numpy as np
import pytest
from msgspec.structs import replace

from pycandle.manifest.schema import Atom, Entry, Input, Leaf, Node, StateTensor, TensorValue
from pycandle.verify.draws import draw
from pycandle.verify.input_sets import choices, draw_inputs
from pycandle.verify.roles import Role, state_roles
from verify import tiny

MANY = (200, 100)


PINNED = [0.571051299571991, -0.154722660779953, -1.2904467582702637]
PINNED_INDICES = [65, 96, 19, 38, 24, 25]
"""A numpy that draws other values from the same seed would change them."""


def ref(name: str) -> Atom:
    return Atom(node=name)


def test_the_draws_are_pinned() -> None:
    assert draw("w", "float32", (3,), Role("matrix")).tolist() == pytest.approx(PINNED)
    assert draw("i", "int64", (6,), Role("index", below=100)).tolist() == PINNED_INDICES


def test_another_seed_gives_other_values() -> None:
    one, other = (draw(seed, "float32", (9,), Role("matrix")) for seed in ("a", "b"))

    assert (one != other).any()


@pytest.mark.parametrize(
    ("role", "mean", "deviation"),
    [
        (Role("matrix", fan_in=16), 0, 0.25),
        (Role("scale"), 1, 0.1),
        (Role("shift"), 0, 0.1),
        (Role("variance"), 1, 1 / 12**0.5),
    ],
)
def test_a_role_has_its_distribution(role: Role, mean: float, deviation: float) -> None:
    values = draw("x", "float32", MANY, role)

    assert values.dtype == np.float32
    assert values.mean() == pytest.approx(mean, abs=0.01)
    assert values.std() == pytest.approx(deviation, rel=0.05)


def test_variances_are_positive() -> None:
    values = draw("x", "float32", MANY, Role("variance"))

    assert 0.5 <= values.min() < values.max() < 1.5


def test_indices_reach_below_their_size_and_no_farther() -> None:
    assert set(draw("x", "int64", MANY, Role("index", below=7)).reshape(-1)) == set(range(7))


@pytest.mark.parametrize("dtype", ["int64", "int32", "uint8", "bool"])
@pytest.mark.parametrize("shape", [(2,), (1, 2), (3, 4), (5, 2)])
def test_flags_have_both_values_and_hide_no_row(dtype: str, shape: tuple[int, ...]) -> None:
    values = draw("x", dtype, shape, Role("flags"))

    assert set(values.reshape(-1).tolist()) == {0, 1}
    assert values.any(axis=-1).all()


def test_a_single_flag_is_set() -> None:
    assert draw("x", "int64", (1, 1), Role("flags")).tolist() == [[1]]


ROLES = [
    ("aten.linear.default", [ref("x"), ref("w")], [5, 6], Role("matrix", fan_in=6)),
    ("aten.linear.default", [ref("x"), ref("o"), ref("w")], [5], Role("shift")),
    ("aten.conv2d.default", [ref("x"), ref("w")], [8, 3, 5, 5], Role("matrix", fan_in=75)),
    ("aten.conv2d.default", [ref("x"), ref("o"), ref("w")], [8], Role("shift")),
    ("aten.addmm.default", [ref("w"), ref("x"), ref("o")], [7], Role("shift")),
    ("aten.addmm.default", [ref("o"), ref("x"), ref("w")], [4, 7], Role("matrix", fan_in=4)),
    ("aten.layer_norm.default", [ref("x"), [6], ref("w"), ref("o")], [6], Role("scale")),
    ("aten.layer_norm.default", [ref("x"), [6], ref("o"), ref("w")], [6], Role("shift")),
    ("aten.batch_norm.default", [ref("x"), ref("w")], [6], Role("scale")),
    ("aten.batch_norm.default", [ref("x"), None, None, ref("w")], [6], Role("shift")),
    ("aten.batch_norm.default", [ref("x"), None, None, None, ref("w")], [6], Role("variance")),
    ("aten.mul.Tensor", [ref("w"), ref("x")], [6], Role("scale")),
    ("aten.add.Tensor", [ref("w"), ref("x")], [1, 6], Role("shift")),
    ("aten.div.Tensor", [ref("x"), ref("w")], [6], Role("variance")),
    ("aten.embedding.default", [ref("w"), ref("x")], [9, 4], Role("matrix", fan_in=4)),
]


@pytest.mark.parametrize(("target", "args", "shape", "role"), ROLES)
def test_a_role_is_that_of_the_op_that_reads(
    target: str, args: list, shape: list[int], role: Role
) -> None:
    assert role_of([Node("y", target, args)], shape) == role


def test_views_and_casts_are_looked_through() -> None:
    nodes = [
        Node("a", "aten.to.dtype", [ref("w"), Atom(dtype="float32")], value=tensor(6)),
        Node("b", "aten.unsqueeze.default", [ref("a"), 0], value=tensor(1, 6)),
        Node("c", "aten.mul.Tensor", [ref("x"), ref("b")]),
    ]

    assert role_of(nodes, [6]) == Role("scale")


def test_a_variance_is_seen_under_its_root() -> None:
    nodes = [
        Node("a", "aten.add.Tensor", [ref("w"), 1e-5], value=tensor(6)),
        Node("b", "aten.rsqrt.default", [ref("a")]),
    ]

    assert role_of(nodes, [6]) == Role("variance")


def test_an_integer_buffer_lies_below_what_it_indexes() -> None:
    table = Node("t", "aten.add.Tensor", [ref("x"), 1], value=tensor(9, 4))
    embedding = Node("y", "aten.embedding.default", [ref("t"), ref("w")])
    index = Node("y", "aten.index.Tensor", [ref("t"), [None, ref("w")]])

    assert role_of([table, embedding], [3], "int64") == Role("index", below=9)
    assert role_of([table, index], [3], "int64") == Role("index", below=4)


def tensor(*shape: int) -> TensorValue:
    return TensorValue("float32", list(shape))


def role_of(nodes: list[Node], shape: list[int], dtype: str = "float32") -> Role:
    entry = replace(tiny.entry(), state={"w": "w"}, nodes=nodes)
    state = [StateTensor("w", "parameter", dtype, shape)]
    return state_roles(replace(tiny.manifest(), state=state, entries=[entry]))["w"]


def test_sets_have_recorded_larger_and_single_sizes() -> None:
    found = [[item.shapes["x"][0] for item in options] for options in choices(tiny.entry())]

    assert found == [[3], [7, 4], [1]]


def test_sizes_stay_within_the_bounds_of_their_symbols() -> None:
    symbol = replace(tiny.entry().symbols[0], lower=3, upper=5)
    entry = replace(tiny.entry(), symbols=[symbol])

    found = [[item.shapes["x"][0] for item in options] for options in choices(entry)]

    assert found == [[3], [5, 4]]


def test_an_entry_of_fixed_sizes_has_one_set() -> None:
    fixed = Input("x", "x", TensorValue("float32", [2, 3]))
    entry = Entry("forward", [fixed], {}, [], [], {}, Leaf(ref("x")))

    assert [[item.shapes for item in options] for options in choices(entry)] == [[{"x": (2, 3)}]]


def test_drawn_indices_lie_below_their_size() -> None:
    values = draw_inputs(tiny.entry(), "set.0", {"x": (500, 6), "ids": (500,)})

    assert set(values["ids"].tolist()) == set(range(11))
    assert values["x"].std() == pytest.approx(1, rel=0.1)
