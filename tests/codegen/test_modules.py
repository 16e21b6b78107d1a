"""A long model has a file for each class."""

import re

from architectures import MODELS
from pycandle.codegen import generate
from pycandle.codegen.source.modules import MOST_LINES
from write_examples import read

T5 = read("t5")


def test_a_model_within_the_limit_is_one_file() -> None:
    assert "t5" in MODELS
    one = generate(T5).files
    lines = one["model.rs"].count("\n")

    assert lines < MOST_LINES
    assert set(one) == {"model.rs", "model/runtime.rs"}
    assert generate(T5, most_lines=lines).files == one
    assert len(generate(T5, most_lines=lines - 1).files) > 2


def test_each_class_has_its_file_and_the_root_stays_with_its_config() -> None:
    files = generate(T5, most_lines=0).files

    assert structs(files["model.rs"]) == ["Config", "Seq2SeqLmOutput", "T5ForConditionalGeneration"]
    attention = files["model/t5_attention.rs"]
    assert attention.startswith("//! `transformers.models.t5.modeling_t5.T5Attention`.\n")
    assert all("Attention" in name for name in structs(attention))
    assert "mod t5_attention;\n" in files["model.rs"]


def test_all_files_together_have_what_the_one_file_has() -> None:
    (single,) = (text for path, text in generate(T5).files.items() if path == "model.rs")
    files = generate(T5, most_lines=0).files
    parts = "".join(text for path, text in files.items() if path != "model/runtime.rs")

    assert sorted(structs(parts)) == sorted(structs(single))
    assert sorted(re.findall(r"fn (\w+)", parts)) == sorted(re.findall(r"fn (\w+)", single))


def test_only_what_another_file_uses_is_visible_to_it() -> None:
    files = generate(T5, most_lines=0).files

    assert "\nfn relative_position_bucket(" in files["model/t5_attention.rs"]
    assert "pub(super) fn" in files["model/t5_attention.rs"]
    assert "pub(super)" not in files["model.rs"]


def test_the_same_manifest_gives_the_same_files() -> None:
    assert generate(T5, most_lines=0) == generate(T5, most_lines=0)


def test_the_map_leads_to_the_file_of_each_method() -> None:
    generated = generate(T5, most_lines=0)

    for call, place in generated.source_map["forward"].items():
        path, _, number = place.partition(":")
        assert " fn forward" in generated.files[path].splitlines()[int(number) - 1], call


def structs(text: str) -> list[str]:
    return re.findall(r"^(?:pub(?:\(super\))? )?struct (\w+)", text, re.MULTILINE)
