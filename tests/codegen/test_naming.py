"""Names of types."""

from dataclasses import replace

from pycandle.codegen.naming import name_types
from pycandle.codegen.settings import ConfigFields
from pycandle.codegen.types import Type, unify

from .test_types import struct


def made(token: str, cls: str, kind: str = "struct", attribute: str = "") -> Type:
    definition = replace(struct(3, 4), cls=cls, kind=kind)
    found, _ = unify([definition], token, ConfigFields())
    found.attributes.add(attribute or "0")
    found.paths.append(attribute or "0")
    return found


def names(*types: Type) -> dict[str, str]:
    return name_types(list(types), types[-1])


def test_a_struct_has_the_name_of_its_class() -> None:
    found = names(made("a", "demo.text.MLP"), made("root", "demo.text.TextEncoder"))

    assert found == {"a": "Mlp", "root": "TextEncoder"}


def test_a_class_that_is_called_like_an_import_gets_another_name() -> None:
    found = names(made("a", "demo.Linear", attribute="head"), made("root", "demo.Tensor"))

    assert found["a"] != "Linear"
    assert found["root"] != "Tensor"


def test_types_of_one_class_are_told_apart_by_what_holds_them() -> None:
    found = names(
        made("a", "demo.Attention", attribute="self_attn"),
        made("b", "demo.Attention", attribute="cross_attn"),
        made("root", "demo.Net"),
    )

    assert found["a"] == "Attention"
    assert found["b"] == "AttentionCrossAttn"


def test_the_root_keeps_its_name() -> None:
    found = names(made("a", "demo.Net", attribute="inner"), made("root", "demo.Net"))

    assert found["root"] == "Net"
    assert found["a"] not in ("Net", "Config")


def test_functions_are_snake_case_and_never_recorded() -> None:
    found = names(
        made("a", "demo.py:rotate_half", "function"),
        made("b", "demo.py:Block.rotateHalf", "function"),
        made("c", "demo.py:recorded", "function"),
        made("root", "demo.Net"),
    )

    assert found["a"] == "rotate_half"
    assert len(set(found.values())) == 4
    assert found["c"] != "recorded"
