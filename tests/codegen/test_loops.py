"""Which runs of calls are loops."""

from pycandle.codegen.structure.loops import Loop, find_loops, numbered
from pycandle.codegen.structure.regions import Region
from pycandle.ir.graph import Value
from pycandle.ir.types import TensorType


def value(name: str) -> Value:
    return Value(name, TensorType("float32", (2, 6)))


def call(path: str, inputs: list[Value], outputs: list[Value], index: int = 0) -> Region:
    return Region("module", "a.Block", path, None, index, inputs=inputs, outputs=outputs)


def around(items: list[Region], outputs: list[Value]) -> Region:
    return Region("module", "a.Net", "", None, items=list(items), outputs=outputs)


def chain(paths: list[str], *invariant: Value) -> tuple[list[Region], list[Value]]:
    """Returns calls that hand one value on, and all those values."""
    values = [value(f"v{i}") for i in range(len(paths) + 1)]
    calls = [call(path, [values[i], *invariant], [values[i + 1]]) for i, path in enumerate(paths)]
    return calls, values


def kinds(items: list[Region], outputs: list[Value], same: dict | None = None) -> list:
    """Returns the number of calls of each loop, and the paths of what is none."""
    types = same if same is not None else dict.fromkeys(items, 1)
    found = find_loops(around(items, outputs), types)
    return [len(i.calls) if isinstance(i, Loop) else i.path for i in found]


def test_equal_calls_in_a_row_are_a_loop() -> None:
    calls, values = chain(["layers.0", "layers.1", "layers.2"], value("mask"))

    [loop] = find_loops(around(calls, values[-1:]), dict.fromkeys(calls, 1))

    assert isinstance(loop, Loop)
    assert (loop.carry, loop.prefix, loop.first) == (((0, 0),), "layers", 0)
    assert loop.is_whole
    assert loop.outputs == values[-1:]


def test_calls_of_other_types_end_a_loop() -> None:
    calls, values = chain([f"layers.{i}" for i in range(5)])
    same = dict(zip(calls, [1, 1, 2, 1, 1], strict=True))

    assert kinds(calls, values[-1:], same) == [2, "layers.2", 2]


def test_a_missing_index_ends_a_loop() -> None:
    calls, values = chain(["layers.0", "layers.1", "layers.3", "layers.4"])

    assert kinds(calls, values[-1:]) == [2, 2]


def test_indices_that_go_down_are_no_loop() -> None:
    calls, values = chain(["layers.2", "layers.1", "layers.0"])

    assert kinds(calls, values[-1:]) == ["layers.2", "layers.1", "layers.0"]


def test_fields_with_numbers_in_their_names_are_no_loop() -> None:
    calls, values = chain(["fc1", "fc2", "layer1.fc", "layer2.fc"])

    assert kinds(calls, values[-1:]) == ["fc1", "fc2", "layer1.fc", "layer2.fc"]


def test_ten_comes_after_nine() -> None:
    calls, values = chain(["layers.9", "layers.10"])

    assert kinds(calls, values[-1:]) == [2]


def test_a_value_that_is_read_after_the_loop_is_not_lost() -> None:
    calls, values = chain(["layers.0", "layers.1"])

    assert kinds(calls, values[-2:]) == ["layers.0", "layers.1"]


def test_calls_that_do_not_hand_on_are_no_loop() -> None:
    source = value("x")
    calls = [call(f"branches.{i}", [source], [value(f"v{i}")]) for i in range(2)]

    assert kinds(calls, [c.outputs[0] for c in calls]) == ["branches.0", "branches.1"]


def test_an_input_of_each_call_is_no_loop() -> None:
    values = [value(f"v{i}") for i in range(3)]
    calls = [call(f"layers.{i}", [values[i], value("own")], [values[i + 1]]) for i in range(2)]

    assert kinds(calls, values[-1:]) == ["layers.0", "layers.1"]


def test_two_values_that_change_places_are_carried_crosswise() -> None:
    first, second, third = ([value("a"), value("b")] for _ in range(3))
    calls = [
        call("layers.0", first, second),
        call("layers.1", [second[1], second[0]], third),
    ]

    [loop] = find_loops(around(calls, third), dict.fromkeys(calls, 1))

    assert isinstance(loop, Loop)
    assert loop.carry == ((0, 1), (1, 0))


def test_a_second_call_of_one_module_is_in_no_loop() -> None:
    calls, values = chain(["layers.0", "layers.1"])
    again = call("layers.0", [values[-1]], [value("w")], index=1)

    assert kinds([*calls, again], again.outputs) == [2, "layers.0"]


def test_an_index_is_a_component_of_the_path() -> None:
    assert numbered("model.layers.12") == ("model.layers", "", 12)
    assert numbered("3") == ("", "", 3)
    assert numbered("stage.block_2") == ("stage", "block_", 2)
    assert numbered("fc1") == ("", "fc", 1)
    assert numbered("fc01") == ("", "fc0", 1)
    assert numbered("layers.0.fc") is None
