"""Methods of structs whose modules are called in several ways."""

from dataclasses import replace

from pycandle.codegen.structure.regions import Region
from pycandle.codegen.unification.methods import (
    has_methods_of,
    merge_methods,
    method_names,
    with_methods_of,
)
from pycandle.codegen.unification.types import Method, Way
from pycandle.lowering.operand import Layout
from pycandle.rust import tree as t

from .test_types import struct


def method(scale: float, name: str = "forward", op: str = "*") -> Method:
    body = t.Binary(op, t.Local("xs", borrowed=True), t.f64(scale))
    function = t.Function(name, (t.Param("xs", "&Tensor"),), "Tensor", (), body)
    return Method(function, (Layout.CONTIGUOUS,))


def call(given: tuple[str, ...] = ("x",), **options: object) -> Region:
    return Region("module", "a.Block", "block", None, given=given, options=dict(options))


def test_bodies_that_differ_in_numbers_are_one_method_with_an_argument() -> None:
    methods, ways = merge_methods([method(2.0), method(0.5), method(2.0, op="+")])

    assert [item.function.params[1:] for item in methods] == [(t.Param("scale", "f64"),), ()]
    assert [way.method for way in ways] == [0, 0, 1]
    assert [[number.value for number in way.arguments] for way in ways] == [[2.0], [0.5], []]


def test_bodies_without_other_numbers_take_no_argument() -> None:
    assert merge_methods([method(2.0)]) == ([method(2.0)], (Way(0),))


def test_a_module_that_is_called_in_fewer_ways_has_the_methods_of_its_sibling() -> None:
    both = replace(struct(3, 4), methods=(method(2.0), method(3.0, "other", "+")))
    one = replace(struct(3, 4), methods=(method(5.0, op="+"),), ways=(Way(0),))

    assert has_methods_of(both, one)
    assert not has_methods_of(one, both)
    found = with_methods_of(one, both)
    assert [item.function.name for item in found.methods] == ["forward", "other"]
    assert found.methods[1].function.tail == t.Binary("+", t.Local("xs", borrowed=True), t.f64(5.0))
    assert found.ways == (Way(1),)


def test_methods_have_the_name_of_the_text_that_chooses_them() -> None:
    assert method_names([call(mode="local"), call(mode="global")]) == [
        "forward_local",
        "forward_global",
    ]


def test_methods_have_the_name_of_the_tensor_that_only_they_take() -> None:
    assert method_names([call(), call(("x", "attention_mask"))]) == [
        "forward",
        "forward_with_attention_mask",
    ]


def test_methods_that_nothing_names_are_numbered() -> None:
    assert method_names([call(), call()]) == ["forward", "forward2"]
    assert method_names([call(flag="a b"), call(flag="c d")]) == ["forward", "forward2"]
