"""What is not recorded, and what is said about it."""

import pytest
import torch

from pycandle.errors import PyCandleError
from pycandle.recorder import GoldenRecorder
from pycandle.recorder.shadow import suspended

from .control_flow import (
    ChoiceBySize,
    ChoiceOfNumbers,
    ChoiceOfSizes,
    ChoiceWithAnEffect,
    Looping,
    Mapping,
    Scanning,
)
from .samples import Branching, Constants, Counter, Helper, OpaqueOutput, Store, Structured


def refused(model, *args, **kwargs) -> PyCandleError:
    with pytest.raises(PyCandleError) as caught:
        GoldenRecorder("unused").record(model, *args, **kwargs)
    return caught.value


def on_meta(model_class):
    with torch.device("meta"):
        return model_class().eval()


X = torch.zeros(2, 6, device="meta")


@pytest.mark.parametrize(
    ("make", "args", "code", "says"),
    [
        (lambda: 3, (X,), "not-a-module", "`int`"),
        (lambda: Helper().train(), (torch.zeros(2, 6),), "training-mode", "model.eval()"),
        (lambda: on_meta(Helper), (torch.zeros(2, 6),), "input-device", 'device="meta"'),
        (lambda: on_meta(Helper), (X, X), "wrong-arguments", "too many positional"),
        (lambda: on_meta(Helper), (Store(X),), "opaque-input", "recorder.samples.Store"),
        (lambda: on_meta(Helper), (X[:0],), "empty-input", "[0, 6]"),
        (
            lambda: on_meta(OpaqueOutput),
            (X,),
            "opaque-output",
            "is a `recorder.samples.Store`",
        ),
        (lambda: on_meta(Branching), (X,), "data-dependent-control-flow", "if x.sum() > 0:"),
        (lambda: on_meta(Counter), (X,), "mutated-state", "`count`"),
        (lambda: on_meta(Helper), (X[:, :5],), "export-failed", "projected = self.qkv(x)"),
    ],
)
def test_a_bad_recording_is_refused_with_its_reason(make, args, code, says):
    error = refused(make(), *args)

    assert [item.code for item in error.diagnostics] == [code]
    assert says in error.render()


@pytest.mark.parametrize(
    ("model", "name", "says"),
    [
        (ChoiceOfSizes, "cond", "return torch.cond("),
        (ChoiceBySize, "cond", "return torch.cond(x.shape[0] > 3"),
        (ChoiceOfNumbers, "cond", "return torch.cond("),
        (Looping, "while_loop", "return while_loop("),
        (Mapping, "map_impl", "return map_over("),
        (Scanning, "scan", "return scan("),
    ],
)
def test_an_op_that_holds_a_program_is_refused_with_its_line_and_what_to_write(model, name, says):
    error = refused(on_meta(model), X)

    assert [item.code for item in error.diagnostics] == ["higher-order-op"]
    assert f"{name}` " in error.render()
    assert says in error.render()
    assert error.diagnostics[0].hint


def test_a_branch_that_torch_refuses_is_refused_with_its_reason():
    error = refused(on_meta(ChoiceWithAnEffect), X)

    assert [item.code for item in error.diagnostics] == ["higher-order-op"]
    assert "Mutating a variable" in error.render()


def test_what_the_refusal_of_a_branch_says_to_write_is_recorded(tmp_path):
    class Chosen(torch.nn.Module):
        def forward(self, x):
            return torch.where(x.sum() > 0, x.sin(), x.cos())

    GoldenRecorder(tmp_path / "chosen").record(Chosen().eval(), X)


def test_all_bad_inputs_are_named_at_once():
    batch = {"x": torch.zeros(2, 6), "shift": Store(X)}

    error = refused(on_meta(Structured), batch, X)

    assert [item.code for item in error.diagnostics] == ["input-device", "opaque-input"]


def test_a_cache_is_refused_as_an_input():
    from transformers import DynamicCache

    error = refused(on_meta(Helper), DynamicCache())

    assert error.diagnostics[0].code == "cache-input"


def test_a_missing_method_is_refused():
    assert "no method `encode`" in refused(on_meta(Helper), X, entry="encode").render()


def test_a_model_on_two_devices_is_refused():
    model = Helper()
    model.register_buffer("table", torch.zeros(2, device="meta"))

    assert refused(model.eval(), X).diagnostics[0].code == "mixed-devices"


def test_another_model_is_refused(tmp_path):
    recorder = GoldenRecorder(tmp_path)
    recorder.record(on_meta(Helper), X)

    with pytest.raises(PyCandleError, match="another-model"):
        recorder.record(on_meta(Helper), X)


def test_another_program_under_the_same_entry_is_refused(tmp_path):
    class Optional(torch.nn.Module):
        def forward(self, x, mask=None):
            return x if mask is None else x * mask

    model = Optional().eval()
    recorder = GoldenRecorder(tmp_path)
    recorder.record(model, X)

    with pytest.raises(PyCandleError, match="entry="):
        recorder.record(model, X, X)


def test_saving_nothing_is_refused(tmp_path):
    with pytest.raises(PyCandleError, match="nothing-recorded"):
        GoldenRecorder(tmp_path).save("model")


@pytest.mark.parametrize("name", ["", "a/b", "..", "a\\b", "c:d"])
def test_a_name_that_is_no_file_is_refused(tmp_path, name):
    recorder = GoldenRecorder(tmp_path)
    recorder.record(on_meta(Helper), X)

    with pytest.raises(PyCandleError, match="bad-name"):
        recorder.save(name)


def test_saving_twice_under_a_name_is_refused(tmp_path):
    recorder = GoldenRecorder(tmp_path)
    recorder.record(on_meta(Helper), X)
    recorder.save("model")

    with pytest.raises(PyCandleError, match="saved-twice"):
        recorder.save("model")


def test_constants_without_data_are_all_named_and_nothing_is_written(tmp_path):
    recorder = GoldenRecorder(tmp_path / "traces")
    with suspended():
        model = on_meta(Constants)
    recorder.record(model, torch.zeros(4, 3, device="meta"))

    with pytest.raises(PyCandleError) as caught:
        recorder.save("model")

    places = [item.place.detail for item in caught.value.diagnostics]
    names = ["frequency", "table", "scale", "offset"]
    assert places == [f"tensor `{name}`" for name in names]
    assert not (tmp_path / "traces").exists()
