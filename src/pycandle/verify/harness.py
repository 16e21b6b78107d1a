"""The sources of the crate that runs generated models: several in one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from pycandle.codegen.crate import locked
from pycandle.errors import Place, refusal
from pycandle.project.output import submodule_folder
from pycandle.verify.failures import internal_error
from pycandle.version import CANDLE_VERSION

if TYPE_CHECKING:
    from pycandle.codegen import EntryPoint, Generated

TAP_LINE = re.compile(r"[^\n]*// tap\n")


@dataclass(frozen=True)
class Program:
    """One model as the harness holds it."""

    files: Mapping[str, str]
    """`model.rs` and perhaps `model/...`, tapped or plain."""
    root: str
    """The public root struct."""
    entries: tuple[EntryPoint, ...]


@dataclass(frozen=True)
class HarnessSource:
    """All files of the crate, and the name of its binary, which is unique to them."""

    files: dict[str, str]
    binary: str


def tapped_program(generated: Generated) -> Program:
    """Returns the tapped model; an internal error if it is not the plain one plus taps."""
    for name, text in generated.tapped.items():
        if TAP_LINE.sub("", text) != generated.files.get(name):
            raise internal_error(
                f"`{name}` without its taps is not the file that `codegen` writes",
                attach="the manifest",
            )
    if generated.tapped.keys() != generated.files.keys():
        raise internal_error("tapped and plain code have other files", attach="the manifest")
    return Program(generated.tapped, generated.root, generated.entries)


def user_program(source: Path, generated: Generated) -> Program:
    """Returns the user's own file, and those of its submodules beside it, in place of ours."""
    folder = submodule_folder(source)
    found = {
        "model.rs": source,
        **{
            f"model/{path.relative_to(folder).as_posix()}": path
            for path in sorted(folder.rglob("*.rs"))
            if path != source
        },
    }
    try:
        texts = {name: path.read_text(encoding="utf-8") for name, path in found.items()}
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise refusal(
            "unreadable-file", f"cannot read the Rust source: {reason}", place=Place(str(source))
        ) from error
    return Program(texts, generated.root, generated.entries)


def harness_source(programs: Sequence[Program]) -> HarnessSource:
    """Returns the crate: model K is the module `mK`."""
    crate = files("pycandle.verify") / "crate"
    result = {
        name: (crate / name).read_text(encoding="utf-8") for name in ("src/main.rs", "src/tap.rs")
    }
    result["Cargo.lock"] = locked("pycandle-harness")
    # A dot file in a package is easily lost on its way into a wheel.
    result[".cargo/config.toml"] = (crate / "config.toml").read_text(encoding="utf-8")
    result["src/models.rs"] = _models(programs)
    for index, program in enumerate(programs):
        for name, text in program.files.items():
            result[f"src/models/m{index}{name.removeprefix('model')}"] = text
    template = (crate / "Cargo.toml.template").read_text(encoding="utf-8")
    key = hashlib.sha256()
    for name in sorted(result):
        key.update(f"{name}\0{len(result[name])}\0{result[name]}".encode())
    binary = f"pycandle-{key.hexdigest()[:16]}"
    result["Cargo.toml"] = template.format(binary=binary, candle=CANDLE_VERSION)
    return HarnessSource(result, binary)


def _models(programs: Sequence[Program]) -> str:
    """Returns `models.rs`: every model by its index, every entry by its name."""
    modules = "".join(f"#[allow(dead_code)]\nmod m{index};\n" for index in range(len(programs)))
    arms = "".join(
        _arm(index, program.root, entry)
        for index, program in enumerate(programs)
        for entry in program.entries
    )
    return (
        "//! The models of this harness.\n\n"
        f"{modules}\n"
        "use candle_core::{bail, Result};\n"
        "use candle_nn::VarBuilder;\n\n"
        "use crate::Forward;\n\n"
        "/// Loads a model for one of its entries.\n"
        "pub fn load(model: usize, entry: &str, vb: VarBuilder) -> Result<Forward> {\n"
        "    Ok(match (model, entry) {\n"
        f"{arms}"
        '        _ => bail!("there is no entry `{entry}` of model {model}"),\n'
        "    })\n"
        "}\n"
    )


def _arm(index: int, root: str, entry: EntryPoint) -> str:
    arguments = "".join(
        f"                    inputs.get({_string(path)})?,\n" for path, _, _ in entry.inputs
    )
    outputs = "".join(
        f"                    ({_string(path)}, out{accessor}.clone()),\n"
        for path, accessor, _ in entry.outputs
    )
    return (
        f"        ({index}, {_string(entry.name)}) => {{\n"
        f"            let model = m{index}::{root}::new(&m{index}::Config::recorded(), vb)?;\n"
        "            Box::new(move |inputs| {\n"
        f"                let out = model.{entry.method}(\n"
        f"{arguments}"
        "                )?;\n"
        "                Ok(vec![\n"
        f"{outputs}"
        "                ])\n"
        "            })\n"
        "        }\n"
    )


def _string(text: str) -> str:
    """Returns a Rust string literal."""
    escaped = "".join(
        char if char.isprintable() and char not in '"\\' else f"\\u{{{ord(char):x}}}"
        for char in text
    )
    return f'"{escaped}"'
