"""A whole verification of a small model: built by cargo, against a stub of the replay."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs
from safetensors.numpy import load_file

from pycandle.errors import PyCandleError
from pycandle.verify import Verification, render_text, to_data
from pycandle.verify.failures import InternalError
from pycandle.verify.html import render_html
from pycandle.verify.model import Model
from pycandle.verify.tensor_file import open_tensors, write_arrays
from pycandle.verify.verification import Request, verify_models
from pycandle.verify.weights_file import draw_weights
from verify import stub_replay, tiny

PYTHON = (sys.executable, str(Path(__file__).with_name("stub_replay.py")))
BODY = "self.linear.forward(xs)?.relu()? + xs"


def edited(*changes: tuple[str, str]) -> str:
    """Returns the right code with each text replaced; each must occur."""
    text = tiny.RUST
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


CODES = {
    "right": tiny.RUST,
    "wrong_block": edited(
        (BODY, "(self.linear.forward(xs)?.relu()? + xs)? + self.offset"),
        ("    linear: Linear,", "    linear: Linear,\n    offset: f64,"),
        (
            '            linear: linear(size, size, vb.pp("linear"))?,',
            '            offset: if vb.prefix() == "blocks.1" { 1e-3 } else { 0.0 },\n'
            '            linear: linear(size, size, vb.pp("linear"))?,',
        ),
    ),
    "wrong_root": edited(("xs.gt(0.0)", "xs.gt(1.0)")),
    "wrong_dtype": edited((".to_dtype(candle_core::DType::I64)?", "")),
    "failing": edited((BODY, "self.linear.forward(&xs.narrow(0, 0, 2)?)?.relu()? + xs")),
    "panicking": edited((BODY, 'panic!("no kernel for {:?}", xs.dims())')),
}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("saved")


@pytest.fixture(scope="module")
def results(saved: Path) -> dict[str, Verification]:
    """The results of right code and of wrong code, from one build."""
    models = [
        Model(saved / f"{name}_manifest.json", tiny.manifest(name), tiny.generated(code), None)
        for name, code in CODES.items()
    ]
    found = verify_models(models, Request(python=PYTHON, save=saved))
    return dict(zip(CODES, found, strict=True))


def test_right_code_passes_on_every_set(results: dict[str, Verification]) -> None:
    right = results["right"]

    assert right.passed, render_text([right])
    assert [item.name for item in right.sets] == [
        "recorded sizes",
        "larger sizes, by 1",
        "smallest sizes",
    ]
    assert [item.shapes["x"] for item in right.sets] == [(3, 6), (4, 6), (1, 6)]


def test_a_set_that_pytorch_refuses_is_smaller_and_says_so(
    results: dict[str, Verification],
) -> None:
    assert results["right"].sets[1].notes == (
        "PyTorch refuses larger sizes: IndexError: no position 6",
    )


def test_every_module_call_is_compared_twice(results: dict[str, Verification]) -> None:
    calls = results["right"].sets[0].calls

    assert [call.name for call in calls] == ["the model", "blocks.0@0", "blocks.1@0"]
    assert [len(call.accumulated) for call in calls] == [3, 1, 1]
    assert [len(call.own) for call in calls] == [3, 1, 1]
    assert all(call.passed_own and call.passed_accumulated for call in calls)


def test_the_wrong_module_is_named_with_its_lines(results: dict[str, Verification]) -> None:
    wrong = results["wrong_block"]
    found = wrong.sets[0].first_wrong

    assert not wrong.passed
    assert found is not None
    assert (found.name, found.python) == ("blocks.1@0", "project/demo.py:8")
    assert found.own[0].error == pytest.approx(1e-3, rel=0.01)
    assert "look at blocks.1@0 first" in render_text([wrong])
    assert f"Rust {found.rust}" in render_text([wrong])
    assert "Look at blocks.1@0 first" in render_html([wrong])


def test_a_module_after_the_wrong_one_is_right_by_itself(
    results: dict[str, Verification],
) -> None:
    root = results["wrong_block"].sets[0].calls[0]

    assert not root.passed_accumulated
    assert root.passed_own


def test_an_error_outside_of_all_modules_is_the_models(results: dict[str, Verification]) -> None:
    first = results["wrong_root"].sets[0]

    assert [item.passed for item in first.outputs] == [True, True, False]
    assert first.first_wrong is not None
    assert first.first_wrong.name == "the model"


def test_another_dtype_than_pytorchs_fails(results: dict[str, Verification]) -> None:
    assert results["wrong_dtype"].sets[0].outputs[1].reason == "dtype uint32, PyTorch has int64"


def test_code_that_fails_at_some_sizes_names_the_module(
    results: dict[str, Verification],
) -> None:
    sets = results["failing"].sets

    assert not results["failing"].passed
    assert sets[0].failure is not None
    assert sets[0].failure.startswith("in module blocks.0@0\n")


def test_a_panic_is_a_failure_of_the_set(results: dict[str, Verification]) -> None:
    assert [item.failure for item in results["panicking"].sets] == [
        f"panicked: no kernel for [{rows}, 6]" for rows in (3, 4, 1)
    ]


def test_the_saved_sets_hold_inputs_and_outputs_in_pytorchs_dtypes(
    results: dict[str, Verification], saved: Path
) -> None:
    assert results["right"].passed
    tensors = load_file(saved / "right.safetensors")

    assert {name: str(tensors[name].dtype) for name in sorted(tensors) if "set.2" in name} == {
        "set.2/input/ids": "int64",
        "set.2/input/x": "float32",
        "set.2/output/output.0": "float32",
        "set.2/output/output.1": "int64",
        "set.2/output/output.2": "bool",
    }
    assert load_file(saved / "right_weights.safetensors")["embed.weight"].shape == (11, 6)


def test_the_data_of_a_report_is_json(results: dict[str, Verification]) -> None:
    data = json.loads(json.dumps(to_data(list(results.values())), allow_nan=False))

    assert data["passed"] is False
    assert [item["passed"] for item in data["verifications"]] == [True] + [False] * 5
    assert data["verifications"][1]["sets"][0]["first_wrong"] == "blocks.1@0"


def test_weights_of_another_model_are_refused_all_at_once(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    write_arrays(path, {"scale": np.ones(7, np.float32), "head.bias": np.ones(5, np.int64)})
    model = Model(tmp_path / "m.json", tiny.manifest(), tiny.generated(), None)

    with pytest.raises(PyCandleError) as caught:
        verify_models([model], Request(weights=path, python=PYTHON))

    assert [item.title for item in caught.value.diagnostics] == [
        "`scale` has shape [7], the model has [6]",
        "the weights have no `embed.weight`",
        "the weights have no `blocks.0.linear.weight`",
        "the weights have no `blocks.0.linear.bias`",
        "the weights have no `blocks.1.linear.weight`",
        "the weights have no `blocks.1.linear.bias`",
        "the weights have no `head.weight`",
        "`head.bias` is int64, the model reads float32",
    ]


def test_taps_that_are_not_whole_lines_are_an_internal_error(tmp_path: Path) -> None:
    right = tiny.generated()
    broken = replace(right, tapped={"model.rs": right.tapped["model.rs"] + "// more\n"})
    model = Model(tmp_path / "m.json", tiny.manifest(), broken, None)

    with pytest.raises(InternalError, match="without its taps"):
        verify_models([model], Request(python=PYTHON))


def test_code_that_does_not_compile_is_an_internal_error(tmp_path: Path) -> None:
    code = tiny.generated(edited((BODY, "self.missing")))
    model = Model(tmp_path / "m.json", tiny.manifest(), code, None)

    with pytest.raises(InternalError, match="no field `missing`") as caught:
        verify_models([model], Request(python=PYTHON))

    assert caught.value.exit_code == 3
    assert "please report it" in caught.value.render()


def test_the_users_own_file_is_verified_by_its_outputs(tmp_path: Path) -> None:
    source = tmp_path / "net.rs"
    source.write_text(tiny.generated(edited(("xs.gt(0.0)", "xs.gt(1.0)"))).files["model.rs"])
    model = Model(tmp_path / "m.json", tiny.manifest(), tiny.generated(), None)

    [found] = verify_models([model], Request(python=PYTHON, source=source))

    assert [item.passed for item in found.sets[0].outputs] == [True, True, False]
    assert found.sets[0].calls == ()


@pytest.mark.parametrize(("name", "folder"), [("net.rs", "net"), ("lib.rs", "."), ("mod.rs", ".")])
def test_a_users_model_in_several_files_is_verified(tmp_path: Path, name: str, folder: str) -> None:
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / "zero.rs").write_text("pub(super) const ZERO: f64 = 0.0;\n")
    code = tiny.generated(edited(("xs.gt(0.0)", "xs.gt(zero::ZERO)"))).files["model.rs"]
    head, use, body = code.partition("use ")
    (tmp_path / name).write_text(f"{head}mod zero;\n{use}{body}")
    model = Model(tmp_path / "m.json", tiny.manifest(), tiny.generated(), None)

    [found] = verify_models([model], Request(python=PYTHON, source=tmp_path / name))

    assert [item.passed for item in found.sets[0].outputs] == [True, True, True]


def test_a_users_file_that_does_not_compile_is_the_users(tmp_path: Path) -> None:
    source = tmp_path / "net.rs"
    source.write_text("pub struct Tiny;\n")
    model = Model(tmp_path / "m.json", tiny.manifest(), tiny.generated(), None)

    with pytest.raises(PyCandleError, match="does not compile against this manifest") as caught:
        verify_models([model], Request(python=PYTHON, source=source))

    assert caught.value.exit_code == 1


def test_inputs_that_pytorch_refuses_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "inputs.safetensors"
    write_arrays(path, {"x": np.ones((9, 6), np.float32), "ids": np.ones(9, np.int32)})
    model = Model(tmp_path / "m.json", tiny.manifest(), tiny.generated(), None)

    with pytest.raises(PyCandleError, match="PyTorch does not run this: IndexError"):
        verify_models([model], Request(python=PYTHON, inputs=(path,)))


def recorded_model(folder: Path, *, error: float) -> Model:
    """Returns a model with goldens: state, inputs and outputs, the logits off by `error`."""
    draw_weights(tiny.manifest(), None, folder / "w.safetensors")
    weights = open_tensors(folder / "w.safetensors")
    inputs = {"x": np.full((3, 6), 0.5, np.float32), "ids": np.array([1, 2, 3])}
    outputs = stub_replay.answer(weights, inputs, np.dtype("float32"))
    outputs["output/output.0"] = outputs["output/output.0"] + np.float32(error)
    tensors = {f"state/{name}": weights[name] for name in weights}
    tensors |= {f"record.0/input/{path}": value for path, value in inputs.items()}
    tensors |= {f"record.0/{name}": outputs[name] for name in outputs if "output/" in name[:7]}
    write_arrays(folder / "trace.safetensors", tensors)
    entry = tiny.entry()
    golden = structs.replace(entry, records=[structs.replace(entry.records[0], golden=True)])
    manifest = structs.replace(tiny.manifest(), entries=[golden])
    trace = open_tensors(folder / "trace.safetensors")
    return Model(folder / "m.json", manifest, tiny.generated(), trace)


@pytest.mark.parametrize(("error", "passed"), [(0.0, True), (0.01, False)])
def test_a_recording_with_goldens_is_compared_with_the_replay(
    tmp_path: Path, error: float, passed: bool
) -> None:
    [found] = verify_models([recorded_model(tmp_path, error=error)], Request(python=PYTHON))

    assert found.weights == "recording"
    assert found.sets[0].name == "record 0"
    assert [item.passed for item in found.sets[0].golden] == [passed, True, True]
    assert found.passed is passed


def test_goldens_are_not_those_of_other_weights(tmp_path: Path) -> None:
    model = recorded_model(tmp_path, error=0.01)

    [found] = verify_models([model], Request(weights=tmp_path / "w.safetensors", python=PYTHON))

    assert found.passed
    assert found.sets[0].golden == ()


def test_saved_sets_of_the_same_name_are_refused(tmp_path: Path) -> None:
    model = Model(tmp_path / "m.json", tiny.manifest(), tiny.generated(), None)

    with pytest.raises(PyCandleError, match="different names") as caught:
        verify_models([model, model], Request(python=PYTHON, save=tmp_path))

    assert caught.value.exit_code == 2
