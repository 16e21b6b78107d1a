"""Diagnostics: what PyCandle refuses, where, why, and what would work.

Named tuples, as the script that extracts weights starts in less time than `import dataclasses`.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Place(NamedTuple):
    """Where something is wrong: a line of Python, a module, a file, or a tensor in a file."""

    file: str | None = None
    line: int | None = None
    text: str | None = None
    """The source line itself, without its indentation."""
    detail: str | None = None
    """What the place is within the file: ``in `encoder.stft` `` or ``tensor `a.weight` ``."""

    def render(self) -> str:
        """Returns `file:line, detail`, with the parts that are known."""
        where = self.file or ""
        if where and self.line is not None:
            where = f"{where}:{self.line}"
        return ", ".join(part for part in (where, self.detail) if part)


class Diagnostic(NamedTuple):
    """One refusal. `code` is stable and in kebab case; `title` starts in lower case."""

    code: str
    title: str
    place: Place | None = None
    label: str | None = None
    """What is at the place: operands, values found and expected."""
    hint: str | None = None
    """A command or an edit that works."""

    def render(self) -> str:
        """Returns the text for a terminal, without a final newline."""
        lines = [f"error[{self.code}]: {self.title}"]
        if self.place is not None and (where := self.place.render()):
            lines.append(f"  --> {where}")
        text = self.place.text if self.place is not None else None
        if text is not None or self.label is not None:
            number = str(self.place.line) if self.place and self.place.line is not None else ""
            margin = " " * max(len(number), 2)
            lines.append(f"{margin} |")
            if text is not None:
                lines.append(f"{number:>{len(margin)}} |     {text}")
            if self.label is not None:
                lines += [f"{margin} |     {part}" for part in self.label.splitlines()]
        if self.hint is not None:
            lines += ["", f"hint: {self.hint}"]
        return "\n".join(lines)


class PyCandleError(Exception):
    """A refusal with all its diagnostics. The CLI prints them and exits with `exit_code`."""

    exit_code = 1

    def __init__(self, diagnostics: Diagnostic | Iterable[Diagnostic]) -> None:
        """Keeps the diagnostics in the given order; at least one."""
        found = [diagnostics] if isinstance(diagnostics, Diagnostic) else list(diagnostics)
        if not found:
            raise ValueError("a PyCandleError needs a diagnostic")
        self.diagnostics: list[Diagnostic] = found
        super().__init__(self.render())

    def render(self) -> str:
        """Returns every diagnostic, a blank line between two."""
        return "\n\n".join(item.render() for item in self.diagnostics)


class UsageError(PyCandleError):
    """Wrong usage of the command line: exit code 2."""

    exit_code = 2


def refusal(
    code: str,
    title: str,
    *,
    place: Place | None = None,
    label: str | None = None,
    hint: str | None = None,
) -> PyCandleError:
    """Returns an error with one diagnostic."""
    return PyCandleError(Diagnostic(code, title, place, label, hint))
