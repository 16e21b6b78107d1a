"""Clippy over generated code: many models as the modules of one library."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from models.porting import TARGET
from pycandle.codegen import Generated
from pycandle.codegen.crate import locked, template
from pycandle.version import RUST_VERSION, VERSION

FOLDER = Path(__file__).parents[2] / "build" / "lint"

_LIBRARY = '\n[lib]\npath = "lib.rs"\n\n[workspace]\n'


def lint(models: Mapping[str, Generated]) -> str:
    """Returns what rustc and clippy have to say about models, by name; empty if nothing."""
    dependencies = "".join(sorted({model.dependencies for model in models.values()}))
    written = {
        # With the features of generated crates: the lock is theirs.
        "Cargo.toml": template("Cargo.toml").format(
            name="generated-models",
            rust_version=RUST_VERSION,
            model="models",
            version=VERSION,
            dependencies=dependencies.strip(),
        )
        + _LIBRARY,
        "Cargo.lock": locked("generated-models"),
        ".cargo/config.toml": template("config.toml"),
        "lib.rs": "".join(f"pub mod {name};\n" for name in models),
    }
    for name, model in models.items():
        written |= {path.replace("model", name, 1): text for path, text in model.files.items()}
    for path, text in written.items():
        target = FOLDER / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["cargo", "clippy", "--release", "--locked", "--quiet", "--", "-D", "warnings"],
        cwd=FOLDER,
        env={"CARGO_TARGET_DIR": str(TARGET), **os.environ},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0 or done.stderr
    return done.stderr
