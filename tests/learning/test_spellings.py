"""Names of older files that a configuration class reads, and what it reads beside settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transformers import Gemma3TextConfig, LlamaConfig

from pycandle.recorder.spellings import deciding_keys, other_keys, other_names


class Sizes:
    """A class that knows an older name of a field, and a key that is no field."""

    def __init__(self, **kwargs: Any) -> None:
        if "n_units" in kwargs:
            kwargs.setdefault("width", kwargs.pop("n_units"))
        if kwargs.pop("doubled", None):
            kwargs["width"] = 2 * kwargs.get("width", 8)
        self.width = kwargs.get("width", 8)


def read_sizes(contents: Mapping[str, Any]) -> dict[str, Any]:
    return vars(Sizes(**contents))


def read_llama(contents: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        found = LlamaConfig.from_dict(dict(contents)).rope_parameters or {}
    except Exception:
        # Whatever the class raises for a key that it takes no text for.
        return None
    return {f"rope_parameters.{name}": value for name, value in found.items()}


def test_an_older_name_of_a_setting_is_found_by_reading_it() -> None:
    assert list(other_names(Sizes, read_sizes, {}, "width", 8)) == ["n_units"]


def test_a_key_that_changes_settings_is_found() -> None:
    contents = {"width": 8}

    assert list(other_keys(Sizes, read_sizes, contents, ["width"], {"n_units"})) == ["doubled"]


def test_another_kind_of_rotary_embedding_is_found_under_its_older_name() -> None:
    path = "rope_parameters.rope_type"
    names = list(other_names(LlamaConfig, read_llama, {}, path, "default"))

    assert "rope_scaling.rope_type" in names
    assert "rope_scaling.type" in names


def test_a_key_decides_a_list_that_is_left_out() -> None:
    def read(contents: Mapping[str, Any]) -> dict[str, Any] | None:
        try:
            return {"layer_types": Gemma3TextConfig.from_dict(dict(contents)).layer_types}
        except Exception:
            return None

    contents = {"num_hidden_layers": 7}

    found = list(deciding_keys(Gemma3TextConfig, read, contents, "layer_types", ()))
    beside = {**contents, "layer_types": ["full_attention"] * 7}

    assert found == ["sliding_window_pattern"]
    assert list(deciding_keys(Gemma3TextConfig, read, beside, "layer_types", ())) == []


def test_a_setting_that_follows_from_another_one_has_no_name_from_its_default() -> None:
    """With 3 times as many heads, every name seemed to give the heads of keys and values."""

    def read(contents: Mapping[str, Any]) -> dict[str, Any] | None:
        try:
            found = LlamaConfig.from_dict(dict(contents))
        except Exception:
            return None
        return {"num_key_value_heads": found.num_key_value_heads}

    contents = {"hidden_size": 96, "num_attention_heads": 6}

    assert list(other_names(LlamaConfig, read, contents, "num_key_value_heads", 2)) == []
