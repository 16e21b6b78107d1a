"""Which value of Rust is which of PyTorch."""

import pytest

from pycandle.manifest.schema import Atom, Call, Leaf, Mapping, Sequence, Tree
from pycandle.verify.calls import match_calls, output_paths

ONE = Leaf(Atom(node="a"))


@pytest.mark.parametrize(
    ("tree", "paths"),
    [
        (ONE, ["output"]),
        (Leaf(None), []),
        (Sequence("tuple", [ONE, Leaf(None), Leaf(3), ONE]), ["output.0", "output.3"]),
        (
            Sequence("tuple", [ONE, Sequence("list", [ONE, ONE])]),
            ["output.0", "output.1.0", "output.1.1"],
        ),
        (Mapping({"last": ONE, "hidden": Sequence("tuple", [ONE])}, "Out"), ["last", "hidden.0"]),
        (Sequence("tuple", [Mapping({"x": ONE})]), ["output.0.x"]),
    ],
)
def test_paths_are_names_and_indices(tree: Tree, paths: list[str]) -> None:
    assert list(output_paths(tree)) == paths


def matched(tree: Tree, rust: dict, torch: dict) -> tuple[tuple, str | None]:
    prefix = "call/m@0/"
    [found] = match_calls(
        [Call("", 0), Call("m", 0, output=tree)],
        {prefix + name: shape for name, shape in rust.items()},
        {prefix + name: shape for name, shape in torch.items()},
    )
    pairs = ((a.removeprefix(prefix), b.removeprefix(prefix)) for a, b in found.pairs)
    return tuple(pairs), found.skipped


def test_as_many_values_match_by_place() -> None:
    tree = Mapping({"b": ONE, "a": ONE})

    found = matched(tree, {"output.1": (1,), "output.0": (2,)}, {"a": (1,), "b": (2,)})

    assert found == ((("output.0", "b"), ("output.1", "a")), None)


def test_places_are_numbers() -> None:
    tree = Sequence("tuple", [ONE] * 11)
    names = {f"output.{i}": (i,) for i in range(11)}

    pairs, _ = matched(tree, names, names)

    assert [first for first, _ in pairs] == [second for _, second in pairs]


def test_a_none_has_no_place() -> None:
    tree = Sequence("tuple", [ONE, Leaf(None)])

    assert matched(tree, {"output": (2,)}, {"output.0": (2,)}) == ((("output", "output.0"),), None)


def test_fewer_values_match_by_name_or_by_the_only_shape() -> None:
    tree = Sequence("tuple", [ONE, ONE, ONE])
    torch = {"output.0": (1,), "output.1": (2,), "output.2": (1,)}

    assert matched(tree, {"output.1": (2,)}, torch)[0] == (("output.1", "output.1"),)
    assert matched(tree, {"output": (2,)}, torch)[0] == (("output", "output.1"),)


def test_what_could_be_several_is_not_compared() -> None:
    tree = Sequence("tuple", [ONE, ONE])

    found = matched(tree, {"output": (1,)}, {"output.0": (1,), "output.1": (1,)})

    assert found == ((), "Rust returns 1 tensors, PyTorch 2")


def test_a_module_without_a_tap_is_said() -> None:
    assert matched(ONE, {}, {"output": (1,)}) == ((), "it has no struct of its own in Rust")
