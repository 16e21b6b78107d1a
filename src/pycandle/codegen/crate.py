"""A whole crate around generated Rust."""

from __future__ import annotations

from importlib.resources import files

from pycandle.codegen.generate import Generated
from pycandle.dtypes import DTYPES
from pycandle.rust.rustfmt import format_rust
from pycandle.version import RUST_VERSION, VERSION

_PACKAGE = "[[package]]\n"


def template(name: str) -> str:
    """Returns a file that generated crates are made from: `Cargo.lock`, `config.toml` ..."""
    return (files("pycandle.codegen") / "template" / name).read_text(encoding="utf-8")


def locked(name: str) -> str:
    """Returns the `Cargo.lock` of a crate with Candle and its features, as Cargo itself writes it.

    Cargo sorts packages by name, and `--locked` refuses any other order.
    """
    own = (
        f'name = "{name}"\nversion = "0.1.0"\ndependencies = [\n'
        ' "candle-core",\n "candle-nn",\n]\n\n'
    )
    head, *packages = template("Cargo.lock").split(_PACKAGE)
    packages = [item.rstrip("\n") + "\n\n" for item in packages]
    ordered = sorted([*packages, own], key=lambda item: item.split('"')[1])
    return head + "".join(_PACKAGE + item for item in ordered).rstrip("\n") + "\n"


def crate_files(generated: Generated, name: str) -> dict[str, str]:
    """Returns the files of a crate that builds, by path.

    `name` is the crate's, in the letters that Cargo accepts.
    """
    module = name.replace("-", "_")
    made = {f"src/{path}": text for path, text in generated.files.items()}
    made["src/lib.rs"] = (
        f"//! `{generated.model}` on Candle.\n\n"
        "mod model;\n\n"
        f"pub use model::{{{', '.join(generated.public)}}};\n"
    )
    made["src/lib.rs"] = format_rust(made["src/lib.rs"])
    made["examples/run.rs"] = format_rust(_example(generated, module))
    made["Cargo.toml"] = template("Cargo.toml").format(
        name=name,
        rust_version=RUST_VERSION,
        model=generated.model,
        version=VERSION,
        dependencies=generated.dependencies.strip(),
    )
    made["Cargo.lock"] = locked(name)
    made[".cargo/config.toml"] = template("config.toml")
    made[".gitignore"] = "/target\n"
    return made


def _example(generated: Generated, module: str) -> str:
    entry = generated.entries[0]
    paths = [path for path, _, _ in entry.inputs]
    results = [f'("{path}".to_string(), out{access}.clone())' for path, access, _ in entry.outputs]
    if len(entry.outputs) == 1:
        results = [f'("{entry.outputs[0][0]}".to_string(), out)']
    return template("run.rs").format(
        crate_name=module,
        root=generated.root,
        dtype=DTYPES[generated.dtype].candle,
        count=len(paths),
        inputs=", ".join(f'"{path}"' for path in paths),
        arguments=", ".join(f'&given["{path}"]' for path in paths),
        results=", ".join(results),
    )
