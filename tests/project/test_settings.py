"""The settings of `.pycandle/pyproject.toml`."""

import tomllib

import pytest

from pycandle.errors import PyCandleError
from pycandle.project.settings import new_pyproject, with_python, with_torch_index


def test_a_new_project_takes_pycandle_from_the_vendored_source() -> None:
    uv = tomllib.loads(new_pyproject("3.12"))["tool"]["uv"]

    assert uv["sources"]["pycandle"] == {"path": "vendor/pycandle", "editable": True}


def test_python_is_pinned_to_the_minor_version() -> None:
    text = with_python(new_pyproject("3.11"), "3.13")

    assert tomllib.loads(text)["project"]["requires-python"] == "==3.13.*"


def test_torch_index_is_used_for_torch_alone() -> None:
    uv = tomllib.loads(with_torch_index(new_pyproject("3.11"), "https://a.example/cpu"))["tool"][
        "uv"
    ]

    assert uv["sources"]["torch"] == {"index": "torch"}
    assert uv["index"] == [{"name": "torch", "url": "https://a.example/cpu", "explicit": True}]


def test_torch_index_replaces_an_earlier_one_and_keeps_the_users_lines() -> None:
    first = with_torch_index(new_pyproject("3.11"), "https://a.example/cpu")
    first += "\n[tool.uv.pip]\n# mine\nno-index = false\n"

    second = with_torch_index(first, "https://b.example/rocm")

    indexes = tomllib.loads(second)["tool"]["uv"]["index"]
    assert [index["url"] for index in indexes] == ["https://b.example/rocm"]
    assert "# mine\nno-index = false" in second


def test_a_rewritten_file_is_refused_rather_than_guessed_at() -> None:
    with pytest.raises(PyCandleError, match="edited-pyproject"):
        with_torch_index('[project]\nname = "a"\n', "https://a.example/cpu")
    with pytest.raises(PyCandleError, match="edited-pyproject"):
        with_python('[project]\nname = "a"\n', "3.12")
