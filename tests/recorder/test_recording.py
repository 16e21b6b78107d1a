"""What a recording says of a model."""

import msgspec
import pytest
import torch

from pycandle.manifest.schema import Atom, Leaf, Mapping, Node
from pycandle.recorder import GoldenRecorder

from .samples import Asserting, Casting, Entries, Helper, Masked, Pooled, Structured, Tied


def meta(model_class):
    with torch.device("meta"):
        return model_class().eval()


def node(entry, name: str) -> Node:
    return next(item for item in entry.nodes if item.name == name)


def targets(entry) -> list[str]:
    return [item.target for item in entry.nodes]


def test_functions_frames_and_variables_are_those_of_the_source(record):
    entry = record(meta(Helper), torch.zeros(2, 6, device="meta")).entry

    assert [item.function for item in entry.functions] == ["Helper.split", "rotate"]
    assert [item.variable for item in entry.functions] == ["q, k", None]
    assert list(entry.functions[1].inputs) == ["x"]
    chunk = next(item for item in entry.nodes if item.target == "aten.chunk.default")
    assert (chunk.variable, chunk.function) == ("q, k", 0)
    assert [item.variable for item in entry.nodes if item.target == "operator.getitem"] == [
        "q",
        "k",
    ]
    assert node(entry, "flip").variable == "turned"
    assert node(entry, "mul").variable == "return"
    assert node(entry, "add").function is None


def test_a_call_says_who_makes_it_and_where(record):
    recording = record(meta(Helper), torch.zeros(2, 6, device="meta"))

    root, linear = recording.entry.calls
    assert (root.module, root.parent) == ("", None)
    assert (linear.module, linear.parent, linear.function) == ("qkv", 0, 0)
    assert linear.variable == "projected"
    stack = recording.manifest.stacks[linear.frames]
    names = [recording.manifest.frames[index].function for index in stack]
    assert names == ["Helper.split", "Helper.forward"]
    assert recording.manifest.frames[stack[0]].text == "projected = self.qkv(x)"
    assert node(recording.entry, "linear").call == 1


def test_a_size_of_one_is_free(record):
    entry = record(meta(Helper), torch.zeros(1, 1, 6, device="meta")).entry

    assert entry.inputs[0].value.shape == ["s0", "s1", 6]
    assert [symbol.recorded for symbol in entry.symbols] == [1, 1]
    assert entry.fixed[0].dim == 2
    assert entry.notes == []


def test_a_size_of_one_that_the_model_needs_stays(record):
    class Row(torch.nn.Module):
        def forward(self, x, y):
            assert x.shape[0] == 1
            return x + y

    shapes = (torch.zeros(1, 6, device="meta"), torch.zeros(1, 6, device="meta"))
    entry = record(Row().eval(), *shapes).entry

    assert entry.inputs[0].value.shape[0] == 1
    assert entry.records[0].sizes == {"x": [1, 6], "y": [1, 6]}
    assert entry.notes[0].startswith("the size 1 is fixed of dim 0 of `x`")


def test_a_size_that_python_asks_about_cannot_be_one(record):
    class Special(torch.nn.Module):
        def forward(self, x):
            return x * 2 if x.shape[0] == 1 else x * x.shape[1]

    entry = record(Special().eval(), torch.zeros(3, 6, device="meta")).entry

    assert [symbol.lower for symbol in entry.symbols] == [2, 1]
    assert entry.notes[0].startswith("the size `s0` may not be 1: project/tests/")


def test_a_recorded_one_that_python_asks_about_stays_one(record):
    class Special(torch.nn.Module):
        def forward(self, x):
            return x * 2 if x.shape[0] == 1 else x * 3

    entry = record(Special().eval(), torch.zeros(1, 6, device="meta")).entry

    assert entry.inputs[0].value.shape == [1, "s0"]
    assert entry.nodes[0].args[1] == 2


def test_a_size_that_an_op_drops_at_one_is_above_one(record):
    class Squeezing(torch.nn.Module):
        def forward(self, x):
            return x.squeeze(0) + 1

    entry = record(Squeezing().eval(), torch.zeros(3, 6, device="meta")).entry

    assert [symbol.lower for symbol in entry.symbols] == [2, 1]


def test_a_question_without_consequence_leaves_one_allowed(record):
    class Expanding(torch.nn.Module):
        def forward(self, x):
            bias = torch.ones(1, x.shape[1], device=x.device)
            if x.shape[0] != 1:
                bias = bias.expand(x.shape[0], -1)
            return x[:, :] + bias

    entry = record(Expanding().eval(), torch.zeros(1, 6, device="meta")).entry

    assert entry.inputs[0].value.shape == ["s0", "s1"]
    assert [symbol.lower for symbol in entry.symbols] == [1, 1]
    assert entry.notes == []


def test_a_batch_of_one_stays_one_size_over_inputs(record):
    inputs = torch.zeros(1, 5, 6, device="meta"), torch.zeros(1, 5, device="meta")

    entry = record(meta(Masked), *inputs).entry

    assert [item.value.shape for item in entry.inputs] == [["s0", "s1", 6], ["s0", "s1"]]


def test_sizes_that_become_too_long_are_fixed_and_the_batch_is_free(record):
    entry = record(meta(Pooled), torch.zeros(2, 9, 8, device="meta")).entry

    assert entry.inputs[0].value.shape == ["s0", 9, 8]
    assert "a size becomes too long an expression" in entry.notes[0]


def test_nested_inputs_and_a_dataclass_keep_their_names(record):
    batch = {"x": torch.zeros(2, 6, device="meta"), "shift": torch.zeros(3, device="meta")}

    entry = record(meta(Structured), batch, torch.zeros(4, 6, device="meta"), scale=0.5).entry

    assert [item.path for item in entry.inputs] == ["batch.x", "batch.shift", "rest.0"]
    assert entry.signature["scale"] == Leaf(0.5)
    assert isinstance(entry.output, Mapping)
    assert entry.output.cls == "recorder.samples.Scores"
    assert list(entry.output.fields) == ["logits", "hidden", "loss"]


def test_a_tied_tensor_has_its_first_name(record):
    recording = record(meta(Tied), torch.zeros(2, 5, dtype=torch.long, device="meta"))

    (state,) = recording.manifest.state
    assert (state.name, state.aliases, state.used) == ("embed.weight", ["head.weight"], True)
    assert set(recording.entry.state.values()) == {"embed.weight"}
    assert recording.entry.inputs[0].index_below == 11


def test_casts_that_follow_the_model_are_told_from_fixed_ones(record):
    entry = record(meta(Casting), torch.zeros(2, 6, device="meta")).entry

    casts = [item.cast for item in entry.nodes if item.target.startswith("aten.to.")]
    assert casts == ["fixed", "input_dtype"]
    # In float32 the first cast returns its operand, and torch took one for the other.
    assert node(entry, "add_1").args[0] == Atom(node="x")
    assert entry.dtype_generic


def test_a_program_that_depends_on_the_dtype_says_so(record):
    class Masking(torch.nn.Module):
        def forward(self, x):
            return x.masked_fill(x > 0, torch.finfo(x.dtype).min)

    entry = record(Masking().eval(), torch.zeros(2, 6, device="meta")).entry

    assert not entry.dtype_generic
    assert "masked_fill" in entry.dtype_reason


def test_two_recordings_of_an_entry_are_two_records(tmp_path):
    model = meta(Helper)
    recorder = GoldenRecorder(tmp_path)

    recorder.record(model, torch.zeros(2, 6, device="meta"))
    recorder.record(model, torch.zeros(7, 6, device="meta"))
    recorder.record(model, torch.zeros(1, 6, device="meta"))

    (entry,) = recorder._entries.values()
    assert [item.sizes["x"] for item in entry.records] == [[2, 6], [7, 6], [1, 6]]


def test_another_method_is_another_entry_on_the_same_state(tmp_path):
    model = meta(Entries)
    recorder = GoldenRecorder(tmp_path)

    recorder.record(model, torch.zeros(2, 6, device="meta"))
    recorder.record(model, torch.zeros(2, 6, device="meta"), entry="encode")

    forward, encode = recorder._entries.values()
    assert targets(forward) == [*targets(encode), "aten.add.Tensor"]
    assert forward.state == encode.state
    assert "forward" not in vars(model)


def test_a_meta_recording_holds_no_parameter(record):
    recording = record(meta(Helper), torch.zeros(2, 6, device="meta"))

    assert recording.trace == {}
    assert not recording.entry.records[0].golden


def test_an_assertion_about_data_and_unreadable_settings_are_no_obstacle(record):
    entry = record(meta(Asserting), torch.zeros(2, 6, device="meta")).entry

    assert "aten.mul.Tensor" in targets(entry)
    assert entry.conditions == []


def test_a_parameter_of_a_meta_model_on_the_cpu_is_a_parameter(record):
    model = meta(Helper)
    model.qkv.bias = torch.nn.Parameter(torch.ones(12))

    recording = record(model, torch.zeros(2, 6, device="meta"))

    assert [item.kind for item in recording.manifest.state] == ["parameter", "parameter"]
    assert recording.trace == {}
    assert model.qkv.bias.device.type == "cpu"


@pytest.mark.parametrize("shape", [None, {"x": {0: torch.export.Dim("n", min=2, max=64)}}])
def test_given_dynamic_shapes_are_used(record, shape):
    entry = record(meta(Helper), torch.zeros(3, 6, device="meta"), dynamic_shapes=shape).entry

    assert msgspec.to_builtins(entry.symbols[0])["recorded"] == 3
    assert entry.symbols[0].upper == (64 if shape else None)
