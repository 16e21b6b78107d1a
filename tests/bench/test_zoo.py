"""The zoo: its counts, its limits, its page, and a stop in the middle."""

import sys
import textwrap
import time
from collections import OrderedDict
from pathlib import Path

import pytest

from zoo.limits import Limits, run_limited
from zoo.outcomes import Checked, Generated, Reason, Recorded, keep, load
from zoo.page import Row, blocker, page
from zoo.python_figures import Original, find_original
from zoo.rust_figures import count
from zoo.subjects import Subject, subjects

RUST = """\
pub struct Config {}

impl Config {
    pub fn recorded() -> Self {
        Self {}
    }
}

struct Block<'a> {
    fc: &'a Linear,
}

impl<'a> Block<'a> {
    fn new(vb: VarBuilder) -> Result<Self> {
        let a = 1;
        let b = 2;
        let c = 3;
        Ok(Self { fc })
    }

    fn forward(
        &self,
        xs: &Tensor,
    ) -> Result<Tensor> {
        let xs = self.fc.forward(xs)?;
        xs.relu()
    }
}

fn rotate_half(xs: &Tensor) -> Result<Tensor> {
    xs.neg()
}
"""


def test_the_longest_function_is_counted_between_its_braces() -> None:
    figures = count(RUST)

    assert (figures.lines, figures.structs) == (32, 2)
    assert (figures.longest, figures.longest_name) == (2, "Block::forward")


def test_the_original_of_a_function_is_found_by_its_class_or_in_a_module_of_one() -> None:
    rust = f"/// `{OrderedDict.__module__}.OrderedDict`\n#[derive(Debug)]\nstruct Ordered {{\n"
    rust += f"/// `{textwrap.TextWrapper.__module__}.TextWrapper`\nstruct Wrapper {{\n"

    assert find_original(rust, "Wrapper::fill") == Original("TextWrapper.fill", 1)
    assert find_original(rust, "shorten") == Original("shorten", 2)
    assert find_original(rust, "Other::fill") is None


def test_every_architecture_has_a_name_of_its_own() -> None:
    names = [item.name for item in subjects()]

    assert len(names) == len(set(names)) == 202


def test_patterns_choose_by_family_and_by_class() -> None:
    assert [item.family for item in subjects(["gpt2"])] == ["gpt2"]
    assert [item.family for item in subjects(["LlamaForCausalLM"])] == ["llama"]


def test_a_function_that_takes_too_long_is_ended() -> None:
    ended = run_limited(time.sleep, 60, limits=Limits(1, 8))

    assert ended.limited
    assert ended.failure == "not done after 1 s"


def test_an_exception_comes_back_as_its_traceback() -> None:
    ended = run_limited(int, "x", limits=Limits(60, 8))

    assert not ended.limited
    assert ended.failure is not None
    assert "invalid literal for int()" in ended.failure


def test_a_function_that_takes_too_much_memory_is_ended_on_linux() -> None:
    ended = run_limited(bytearray, 2 * 10**9, limits=Limits(60, 1))

    assert ended.failure == ("more than 1 GB" if sys.platform == "linux" else None)


def test_a_kept_stage_is_read_again(tmp_path: Path) -> None:
    stage = Recorded("key", "refused", 1.5, [Reason("mutated-state", "it writes")], nodes=3)
    keep(tmp_path / "stage.json", stage)

    assert load(tmp_path / "stage.json", Recorded) == stage


@pytest.mark.parametrize("text", ["", "{", '{"key": 3}'])
def test_a_stage_that_was_cut_off_is_made_again(tmp_path: Path, text: str) -> None:
    (tmp_path / "stage.json").write_text(text)

    assert load(tmp_path / "stage.json", Recorded) is None


def test_the_page_tells_ops_from_other_refusals() -> None:
    recorded = Recorded("", "ok", 1.0, nodes=7)
    op = Reason("unsupported-op", "there is no lowering of `aten.fft.default`")
    rows = [
        Row(Subject("timm", "a", "a_tiny"), recorded, Generated("", "refused", 1.0, [op])),
        Row(
            Subject("timm", "b", "b_tiny"),
            Recorded("", "refused", 1.0, [op, Reason("mutated-state", "it writes")]),
        ),
        Row(
            Subject("timm", "c", "c_tiny"),
            recorded,
            Generated("", "ok", 1.0, lines=90, longest=12, structs=2),
            Checked("", "ok", 2.0),
        ),
        Row(
            Subject("timm", "d", "d_tiny"),
            recorded,
            Generated("", "ok", 1.0, longest=81, longest_name="Block::forward"),
            original=Original("Block.forward", 70),
        ),
    ]

    text = page(rows)

    assert "| timm | 1 | 1 | 1 | 0 | 0 | 0 | 0 |" in text
    assert "| c | c_tiny | 7 | 90 | 12 | 2 | right | 4 |" in text
    assert f"| 2 | {blocker(op)} |" in text
    assert "median 12 lines, most 12; 0 over 80" in text
    assert "| d_tiny | `Block::forward` | 81 | `Block.forward` | 70 |" in text
