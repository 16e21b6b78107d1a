"""Rust names from Python names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pycandle.rust.names import Names, camel, snake


@pytest.mark.parametrize(
    ("python", "rust"),
    [
        ("hidden_states", "hidden_states"),
        ("hiddenStates", "hidden_states"),
        ("LayerNorm", "layer_norm"),
        ("MLPBlock", "mlp_block"),
        ("Conv2d", "conv2d"),
        ("_private", "private"),
        ("a.b.0", "a_b_0"),
        ("0", "n0"),
        ("type", "type_"),
        ("self", "self_"),
        ("Self", "self_"),
        ("gen", "gen_"),
        ("", "x"),
        ("___", "x"),
        ("größe", "grosse"),
        ("naïveÉcole", "naive_ecole"),
        ("日本", "x"),
    ],
)
def test_a_variable_is_snake_case(python: str, rust: str):
    assert snake(python) == rust


@pytest.mark.parametrize(
    ("python", "rust"),
    [
        ("LlamaAttention", "LlamaAttention"),
        ("CLIPMLP", "Clipmlp"),
        ("ViTLayer", "ViTLayer"),
        ("T5LayerNorm", "T5LayerNorm"),
        ("conv_block", "ConvBlock"),
        ("_Block", "Block"),
        ("3DConv", "N3DConv"),
        ("self", "Self_"),
        ("", "Model"),
    ],
)
def test_a_type_is_camel_case(python: str, rust: str):
    assert camel(python) == rust


@given(st.text())
def test_every_name_is_an_identifier(name: str):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", snake(name))
    assert re.fullmatch(r"[A-Z][A-Za-z0-9]*_?", camel(name))


@given(st.text())
def test_a_rust_name_stays_itself(name: str):
    assert snake(snake(name)).rstrip("_") == snake(name).rstrip("_")


def test_names_that_are_taken_get_numbers():
    names = Names({"x"})

    assert [names.fresh("x"), names.fresh("x"), names.fresh("y"), names.fresh("x1")] == [
        "x2",
        "x3",
        "y",
        "x1",
    ]
    assert names.fresh("x1") == "x1_2"
