"""Gives generated Rust the form that `rustfmt` has the last word on."""

import shutil
import subprocess

from pycandle.errors import refusal

EDITION = "2021"


def format_rust(text: str) -> str:
    """Returns the text as `rustfmt` writes it; refuses where there is no `rustfmt`."""
    program = shutil.which("rustfmt")
    if program is None:
        raise refusal(
            "missing-tool",
            "`rustfmt` is not on the PATH",
            hint="`rustup component add rustfmt` (or your system's package `rustfmt`) installs it",
        )
    done = subprocess.run(
        [program, "--edition", EDITION, "--emit", "stdout"],
        input=text.encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace").strip()
        if "is not installed" in reason or "not applicable" in reason:
            raise refusal(
                "missing-tool",
                "`rustfmt` on the PATH is rustup's, without a rustfmt behind it",
                hint="`rustup component add rustfmt` installs it",
            )
        raise RuntimeError(f"rustfmt refused generated code: {reason}")
    return done.stdout.decode()
