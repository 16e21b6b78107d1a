"""Names of types."""

from dataclasses import replace

from pycandle.codegen.config.settings import ConfigFields
from pycandle.codegen.source.naming import name_types
from pycandle.codegen.structure.regions import Region
from pycandle.codegen.unification.types import Type, unify
from pycandle.rust import tree as t

from .test_types import XS, struct


def made(
    token: str, cls: str, kind: str = "struct", attribute: str = "", paths: tuple[str, ...] = ()
) -> Type:
    definition = replace(struct(3, 4), cls=cls, kind=kind)
    found, _ = unify([definition], token, ConfigFields())
    found.paths += paths or (attribute or "0",)
    found.attributes |= {path.rpartition(".")[2] for path in found.paths}
    return found


def names(*types: Type) -> dict[str, str]:
    calls = {item: [Region("function", item.cls, "", None)] for item in types}
    return name_types(list(types), types[-1], calls)


def test_a_struct_has_the_name_of_its_class() -> None:
    found = names(made("a", "demo.text.MLP"), made("root", "demo.text.TextEncoder"))

    assert found == {"a": "Mlp", "root": "TextEncoder"}


def test_a_class_that_is_called_like_an_import_gets_another_name() -> None:
    found = names(made("a", "demo.Linear", attribute="head"), made("root", "demo.Tensor"))

    assert found["a"] == "LinearHead"
    assert found["root"] == "TensorModule"


def test_types_of_one_class_are_told_apart_by_what_holds_them() -> None:
    found = names(
        made("a", "demo.Attention", attribute="self_attn"),
        made("b", "demo.Attention", attribute="cross_attention"),
        made("root", "demo.Net"),
    )

    assert found["a"] == "SelfAttnAttention"
    assert found["b"] == "CrossAttention"


def test_types_are_told_apart_by_the_module_around_them_and_their_place_in_it() -> None:
    found = names(
        made("a", "demo.T5Block", paths=("encoder.block.0",)),
        made("b", "demo.T5Block", paths=("encoder.block.1", "encoder.block.2")),
        made("c", "demo.T5Block", paths=("decoder.block.0",)),
        made("d", "demo.T5Block", paths=("decoder.block.1", "decoder.block.2")),
        made("root", "demo.T5Model"),
    )

    assert [found[token] for token in "abcd"] == [
        "T5EncoderFirstBlock",
        "T5EncoderBlock",
        "T5DecoderFirstBlock",
        "T5DecoderBlock",
    ]


def test_types_are_told_apart_by_a_field_or_an_op_that_one_lacks() -> None:
    plain = made("a", "demo.Gate", paths=("x.0", "x.2"))
    masked = made("b", "demo.Gate", paths=("x.1", "x.3"))
    masked.definition = replace(
        masked.definition, fields=(*masked.definition.fields, ("attn_mask", "Tensor", XS))
    )
    (method,) = plain.definition.methods
    tail = method.function.tail
    assert tail is not None
    relu = t.method(tail, "relu")
    sharp = made("c", "demo.Gate", paths=("x.4", "x.6"))
    sharp.definition = replace(
        sharp.definition,
        methods=(replace(method, function=replace(method.function, tail=relu)),),
    )

    found = names(plain, masked, sharp, made("root", "demo.Net"))

    assert [found[token] for token in "abc"] == ["Gate", "GateWithAttnMask", "GateWithRelu"]


def test_what_nothing_tells_apart_has_a_letter_and_no_number() -> None:
    found = names(
        made("a", "demo.Gate", paths=("x.0", "x.2", "y.1")),
        made("b", "demo.Gate", paths=("x.1", "y.0", "y.2")),
        made("root", "demo.Net"),
    )

    assert (found["a"], found["b"]) == ("Gate", "GateB")


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
