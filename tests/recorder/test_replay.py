"""Replay gives the model's own answers, bit for bit."""

import pytest
import torch

from pycandle.errors import PyCandleError
from pycandle.recorder import GoldenRecorder
from pycandle.recorder.replay import call_name, replay

from .conftest import Recording
from .samples import Casting, Constants, Entries, Helper, InPlace, Masked, Structured, Tied

CASES = [
    (Helper, lambda: (torch.randn(2, 6),)),
    (Structured, lambda: ({"x": torch.randn(2, 6), "shift": torch.randn(3)}, torch.randn(4, 6))),
    (Tied, lambda: (torch.randint(11, (2, 5)),)),
    (Constants, lambda: (torch.randn(4, 3),)),
    (Casting, lambda: (torch.randn(2, 6),)),
    (InPlace, lambda: (torch.randn(1, 2, 8, 9),)),
    (Masked, lambda: (torch.randn(2, 5, 6), torch.rand(2, 5) > 0.3)),
]


@pytest.mark.parametrize(("model_class", "inputs"), CASES, ids=[case[0].__name__ for case in CASES])
def test_outputs_and_module_outputs_are_those_of_the_model(record, model_class, inputs):
    recording: Recording = record(model_class().eval(), *inputs())
    seen: dict[str, torch.Tensor] = {}

    def on_call(index, outputs):
        name = call_name(recording.entry.calls[index])
        seen.update({f"{name}/{path}": value.clone() for path, value in outputs.items()})

    found = replay(
        recording.manifest,
        "forward",
        recording.state(),
        recording.part("record.0/input/"),
        on_call=on_call,
    )

    assert_same(found, recording.part("record.0/output/"))
    assert_same(seen, recording.part("record.0/call/"))


def assert_same(found: dict[str, torch.Tensor], expected: dict[str, torch.Tensor]) -> None:
    assert found.keys() == expected.keys()
    assert expected
    differ = [name for name, value in found.items() if not torch.equal(value, expected[name])]
    assert differ == []
    assert [value.dtype for value in found.values()] == [expected[name].dtype for name in found]


def test_other_sizes_than_the_recorded_ones_are_right(record):
    model = Masked().eval()
    recording = record(model, torch.randn(2, 5, 6), torch.rand(2, 5) > 0.3)
    x, mask = torch.randn(1, 1, 6), torch.ones(1, 1, dtype=torch.bool)

    found = replay(recording.manifest, "forward", recording.state(), {"x": x, "mask": mask})

    assert torch.equal(found["output"], model(x, mask))


def test_float64_replaces_every_float_dtype(record):
    model = Casting().eval()
    x = torch.randn(2, 6)
    recording = record(model, x)

    found = replay(recording.manifest, "forward", recording.state(), {"x": x}, dtype=torch.float64)

    wide = x.double()
    normed = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + 1e-6)
    assert found["output"].dtype == torch.float64
    assert torch.equal(found["output"], wide + model.weight.double() * normed)


def test_the_callers_tensors_stay_as_they_are(record):
    class Writer(torch.nn.Module):
        def forward(self, x):
            return x.mul_(2) + 1

    x = torch.randn(3)
    before = x.clone()
    recording = record(Writer().eval(), x)

    found = replay(recording.manifest, "forward", {}, {"x": x})

    assert torch.equal(x, before)
    assert torch.equal(found["output"], before * 2 + 1)


def test_a_second_entry_replays(tmp_path, record):
    model = Entries().eval()
    recorder = GoldenRecorder(tmp_path)
    recorder.record(model, torch.randn(2, 6), entry="encode")
    recorder.save("model")
    x = torch.randn(4, 6)

    from .conftest import load

    recording = load(tmp_path, "model")
    found = replay(recording.manifest, "encode", recording.state(), {"x": x})

    assert torch.equal(found["output"], model.encode(x))


def test_wrong_inputs_are_refused_at_once(record):
    recording = record(Masked().eval(), torch.randn(2, 5, 6), torch.rand(2, 5) > 0.3)

    with pytest.raises(PyCandleError) as caught:
        replay(recording.manifest, "forward", {}, {"x": torch.zeros(2, 5, 7), "y": torch.zeros(1)})

    codes = [item.code for item in caught.value.diagnostics]
    assert codes == ["unknown-input", "missing-input", "input-shape"]


def test_an_unknown_entry_is_refused_with_those_that_are(record):
    recording = record(Helper().eval(), torch.randn(2, 6))

    with pytest.raises(PyCandleError, match="it has `forward`"):
        replay(recording.manifest, "generate", {}, {})
