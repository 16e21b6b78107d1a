"""Reports of verifications."""

import json
from pathlib import Path

import numpy as np

from pycandle.verify.html import render_html, write_html
from pycandle.verify.report import render_text, to_data
from pycandle.verify.results import CallResult, SetResult, Verification
from pycandle.verify.tolerance import Comparison

GOOD = Comparison("output", "float32", (2, 3), True, 1e-6, 2e-7, 1.0, 5e-6)
BAD = Comparison("output", "float32", (2,), False, np.inf, 0.0, 0.0, 0.0, "NaN where <1>", (1,))


def call(module: str, accumulated: Comparison, own: Comparison) -> CallResult:
    return CallResult(module, 0, "demo.M", "project/m.py:3", 7, (accumulated,), (own,))


def verification(*sets: SetResult) -> Verification:
    return Verification(Path("net_manifest.json"), "demo.Net", "forward", "seeded", None, sets)


def one_set(output: Comparison, *calls: CallResult, **more) -> SetResult:
    return SetResult("recorded sizes", {"x": (2, 3)}, (output,), calls, **more)


def test_a_set_without_outputs_does_not_pass() -> None:
    assert not SetResult("s", {}, (), ()).passed
    assert not verification().passed


def test_a_recording_that_is_not_the_replay_does_not_pass() -> None:
    found = one_set(GOOD, golden=(BAD,))

    assert not found.passed
    assert "the recording's own output" in render_text([verification(found)])


def test_modules_come_before_the_root_that_returns_last() -> None:
    root, inner = call("", BAD, BAD), call("inner", BAD, BAD)

    assert one_set(BAD, root, inner).first_wrong is inner
    assert one_set(BAD, root, call("inner", GOOD, GOOD)).first_wrong is root


def test_noise_that_no_module_makes_by_itself_is_told_apart() -> None:
    found = one_set(BAD, call("", BAD, GOOD), call("a", GOOD, GOOD), call("b", BAD, GOOD))

    text = render_text([verification(found)])

    assert found.first_wrong is None
    assert "no module is wrong by itself; the first result that differs is that of b@0" in text


def test_a_page_escapes_what_it_shows_and_loads_nothing(tmp_path: Path) -> None:
    found = verification(one_set(BAD, call("", BAD, BAD), call("a<b", BAD, BAD)))

    write_html([found], tmp_path / "out.html")

    page = (tmp_path / "out.html").read_text("utf-8")
    assert page == render_html([found])
    assert "NaN where &lt;1&gt;" in page
    assert "a&lt;b@0" in page
    assert "http" not in page
    assert "src=" not in page


def test_data_has_no_number_that_json_lacks() -> None:
    text = json.dumps(to_data([verification(one_set(BAD))]), allow_nan=False)

    assert json.loads(text)["verifications"][0]["sets"][0]["outputs"][0]["error"] == "inf"
