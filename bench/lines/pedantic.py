"""What clippy has to say of the examples with its pedantic lints, which nothing asks for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from pycandle.codegen.crate import locked, template
from pycandle.codegen.generate import dependencies
from pycandle.version import RUST_VERSION, VERSION

_LIBRARY = '\n[lib]\npath = "lib.rs"\n\n[workspace]\n'


def count_pedantic(models: Mapping[str, Mapping[str, str]], folder: Path) -> Counter[str]:
    """Returns the number of warnings of each model.

    `models`: the Rust of each, by path. `folder`: for a crate of all of them.
    """
    shutil.rmtree(folder, ignore_errors=True)
    written = {
        "Cargo.toml": template("Cargo.toml").format(
            name="examples",
            rust_version=RUST_VERSION,
            model="models",
            version=VERSION,
            dependencies=dependencies().strip(),
        )
        + _LIBRARY,
        "Cargo.lock": locked("examples"),
        ".cargo/config.toml": template("config.toml"),
        "lib.rs": "".join(f"pub mod {name};\n" for name in models),
    }
    for files in models.values():
        written |= files
    for path, text in written.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["cargo", "clippy", "--release", "--locked", "--quiet", "--message-format", "json",
         "--", "-W", "clippy::pedantic"],
        cwd=folder,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )  # fmt: skip
    return Counter(
        span["file_name"].split(".")[0].split("/")[0]
        for line in done.stdout.splitlines()
        if (message := json.loads(line).get("message")) is not None
        for span in message["spans"][:1]
    )
