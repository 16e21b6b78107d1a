"""`Config::from_json` of the examples, run: old spellings, defaults, and what is refused."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from models.porting import TARGET
from pycandle.codegen import generate
from pycandle.codegen.crate import locked, template
from pycandle.manifest.learned import JsonSetting
from pycandle.version import RUST_VERSION, VERSION
from write_examples import read

FOLDER = Path(__file__).parents[2] / "build" / "from_json"
EXAMPLES = ("bert", "gpt2", "llama")

_MAIN = """#![allow(dead_code)]
MODULES
fn said<T: std::fmt::Debug>(found: candle_core::Result<T>) -> String {
    // A backtrace is in further lines.
    let text = found.map_or_else(|e| format!("refused {e}"), |config| format!("{config:?},"));
    text.lines().next().unwrap_or_default().to_string()
}

fn main() {
    for line in std::io::stdin().lines() {
        let line = line.expect("a line");
        let (name, text) = line.split_once(' ').expect("a name");
        let said = match name {
            ARMS
            _ => panic!("{name}"),
        };
        println!("{said}");
    }
}
"""

_GPT2 = {"n_embd": 60, "n_head": 5}
_LLAMA = {"hidden_size": 128, "num_attention_heads": 8}

CASES: list[tuple[str, dict[str, object], tuple[str, ...]]] = [
    # Names of other times, and of other models of the library.
    (
        "gpt2",
        {"hidden_size": 60, "num_attention_heads": 5, "num_hidden_layers": 4},
        ("n_layer: 4,",),
    ),
    ("gpt2", {**_GPT2, "max_position_embeddings": 50}, ("n_positions: 50,",)),
    ("llama", {**_LLAMA, "rope_theta": 5e5}, ("rope_theta: 500000.0,",)),
    ("llama", {**_LLAMA, "rope_parameters": {"rope_theta": 7.0}}, ("rope_theta: 7.0,",)),
    ("llama", {**_LLAMA, "torch_dtype": "bfloat16", "dtype": "float16"}, ("hidden_size: 128,",)),
    # What is left out, or null, is what the class makes of it.
    ("gpt2", _GPT2, ("vocab_size: 50257,", "n_layer: 12,")),
    ("llama", _LLAMA, ("head_dim: 16,", "num_key_value_heads: 8,", "rms_norm_eps: 1e-6,")),
    ("llama", {**_LLAMA, "head_dim": None}, ("head_dim: 16,",)),
    ("llama", {**_LLAMA, "head_dim": 24}, ("head_dim: 24,",)),
    # Truth values and text that change the program, by key and value.
    ("llama", {**_LLAMA, "attention_bias": True}, ("refused", "`attention_bias` is true", "false")),
    ("llama", {**_LLAMA, "hidden_act": "gelu"}, ("refused", '`hidden_act` is "gelu"', '"silu"')),
    (
        "llama",
        {**_LLAMA, "rope_parameters": {"rope_type": "linear"}},
        ("refused", '`rope_parameters.rope_type` is "linear"'),
    ),
    ("bert", {"is_decoder": True}, ("refused", "`is_decoder` is true")),
    ("gpt2", {**_GPT2, "scale_attn_weights": False}, ("refused", "`scale_attn_weights` is false")),
    # Numbers that are none.
    ("bert", {"hidden_size": "64"}, ("refused", '`hidden_size` is "64"', "usize")),
    ("bert", {"hidden_size": 1.5}, ("refused", "`hidden_size` is 1.5", "usize")),
]


@pytest.fixture(scope="module")
def said() -> list[str]:
    """What the program says of each case, from one build and one run."""
    models = {name: generate(read(name)) for name in EXAMPLES}
    arms = (f'"{name}" => said({name}::Config::from_json(text)),' for name in EXAMPLES)
    main = _MAIN.replace("MODULES", "\n".join(f"mod {name};" for name in EXAMPLES))
    written = {
        "Cargo.toml": template("Cargo.toml").format(
            name="generated-configs",
            rust_version=RUST_VERSION,
            model="configs",
            version=VERSION,
            dependencies="".join(sorted({m.dependencies for m in models.values()})).strip(),
        )
        + "\n[workspace]\n",
        "Cargo.lock": locked("generated-configs"),
        ".cargo/config.toml": template("config.toml"),
        "src/main.rs": main.replace("ARMS", "\n            ".join(arms)),
    }
    for name, model in models.items():
        for path, text in model.files.items():
            written[f"src/{path.replace('model', name, 1)}"] = text
    for path, text in written.items():
        (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / path).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["cargo", "run", "--release", "--locked", "--quiet"],
        cwd=FOLDER,
        env={"CARGO_TARGET_DIR": str(TARGET), **os.environ},
        input="".join(f"{name} {json.dumps(text)}\n" for name, text, _ in CASES),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("index", range(len(CASES)))
def test_a_configuration_is_read_or_refused_by_key_and_value(said: list[str], index: int) -> None:
    name, text, wanted = CASES[index]
    found = said[index].replace(" }", ",")

    assert all(part in found for part in wanted), (name, text, found)
    assert found.startswith("refused") == (wanted[0] == "refused")


def test_a_list_is_as_long_as_recorded_also_where_code_reads_one_item() -> None:
    manifest = read("bert")
    assert manifest.learned is not None
    assert manifest.configuration is not None
    sizes = {f"sizes.{at}": at for at in range(3)}
    row = JsonSetting("sizes.1", ["sizes.1"], None, may_be_absent=True)
    learned = replace(manifest.learned, json=[*manifest.learned.json, row])
    settings = {**manifest.configuration.settings, **sizes}
    configuration = replace(manifest.configuration, settings=settings)
    text = generate(replace(manifest, learned=learned, configuration=configuration)).files

    assert 'json.require_length(&["sizes"], 3)?;' in text["model.rs"]
