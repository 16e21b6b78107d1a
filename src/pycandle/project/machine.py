"""What this machine has of the tools that PyCandle runs, for `pycandle doctor`."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass

from pycandle.errors import Diagnostic
from pycandle.project.uv import find_uv, missing_uv

RUST_VERSION = (1, 87)
"""The oldest rustc that Candle 0.11.1 builds with."""


@dataclass(frozen=True)
class Tool:
    """One tool: where it is and whether it will do."""

    name: str
    purpose: str
    path: str | None
    version: str | None
    problem: str | None = None
    hint: str | None = None

    def to_json(self) -> dict[str, str | None]:
        """Returns the fields."""
        return asdict(self)


def find_tools() -> list[Tool]:
    """Looks for every tool and asks each for its version."""
    uv = find_uv()
    return [
        _tool("uv", "runs the recorder in its own environment", uv, missing_uv().hint),
        _tool("cargo", "builds the generated Rust", shutil.which("cargo"), _RUSTUP),
        _rustc(),
        _tool(
            "rustfmt",
            "formats the generated Rust",
            shutil.which("rustfmt"),
            "`rustup component add rustfmt` (or your system's package `rustfmt`)",
        ),
        _c_compiler(),
    ]


def problems(tools: list[Tool]) -> list[Diagnostic]:
    """Returns a diagnostic for each tool that is missing or will not do."""
    return [
        Diagnostic("missing-tool", f"`{tool.name}`: {tool.problem}", label=None, hint=tool.hint)
        for tool in tools
        if tool.problem is not None
    ]


_RUSTUP = "install Rust with rustup (https://rustup.rs), or your system's package `cargo`"


def _tool(name: str, purpose: str, path: str | None, hint: str | None) -> Tool:
    if path is None:
        return Tool(name, purpose, None, None, "not found", hint)
    version = _version(path)
    if version is None:
        return Tool(name, purpose, path, None, "does not run: `--version` failed", hint)
    return Tool(name, purpose, path, version)


def _version(path: str) -> str | None:
    """Returns the first line of `--version`, None where the program fails."""
    try:
        done = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = done.stdout.strip().splitlines()
    return lines[0] if done.returncode == 0 and lines else None


def _rustc() -> Tool:
    purpose = "compiles the generated Rust"
    path = shutil.which("rustc")
    found = _tool("rustc", purpose, path, _RUSTUP)
    if found.problem is not None:
        return found
    numbers = re.search(r"(\d+)\.(\d+)", found.version or "")
    if numbers and (int(numbers[1]), int(numbers[2])) >= RUST_VERSION:
        return found
    needed = ".".join(map(str, RUST_VERSION))
    problem = f"{found.version} is too old: Candle needs {needed} or newer"
    return Tool("rustc", purpose, path, found.version, problem, "`rustup update stable`")


def _c_compiler() -> Tool:
    """A crate that Candle depends on compiles C in its build."""
    names = [os.environ["CC"]] if os.environ.get("CC") else ["cc", "gcc", "clang"]
    purpose = "links the generated Rust"
    if sys.platform == "win32":
        # MSVC is found through the registry by rustc itself; ask the Visual Studio locator.
        locator = os.path.expandvars(
            r"%ProgramFiles(x86)%\Microsoft Visual Studio\Installer\vswhere.exe"
        )
        found = locator if os.path.exists(locator) else shutil.which("cl")
        if found:
            return Tool("cc", purpose, found, "MSVC")
    path = next((found for name in names if (found := shutil.which(name))), None)
    hint = {
        "linux": "install your system's C compiler (Debian: `apt install gcc libc6-dev`)",
        "darwin": "`xcode-select --install`",
    }.get(sys.platform, "install the Visual Studio build tools for C++")
    return _tool("cc", purpose, path, hint)
