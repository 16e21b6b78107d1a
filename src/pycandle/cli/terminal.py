"""What the command line prints: data on stdout, everything else on stderr."""

import json
import os
import re
import sys
from functools import partial
from typing import IO

import click

_COLOURS = (
    (re.compile(r"^error(\[[\w-]+\])?(?=:)", re.MULTILINE), "red"),
    (re.compile(r"^warning(\[[\w-]+\])?(?=:)", re.MULTILINE), "yellow"),
    (re.compile(r"^(hint|note)(?=:)", re.MULTILINE), "cyan"),
    (re.compile(r"^ *(-->|\d* ?\|)", re.MULTILINE), "blue"),
)


def has_colour(stream: IO[str]) -> bool:
    """Whether the stream is a terminal that wants colours (https://no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def echo_error(text: str) -> None:
    """Prints a diagnostic, or a line of one, on stderr."""
    if has_colour(sys.stderr):
        for pattern, colour in _COLOURS:
            text = pattern.sub(partial(_paint, colour), text)
    click.echo(text, err=True)


def _paint(colour: str, match: re.Match[str]) -> str:
    return click.style(match[0], fg=colour, bold=True)


def echo_status(verb: str, text: str) -> None:
    """Prints what was done, as Cargo does: a verb in its own column, then what."""
    word = f"{verb:>12}"
    if has_colour(sys.stderr):
        word = click.style(word, fg="green", bold=True)
    click.echo(f"{word} {text}", err=True)


def echo_note(text: str) -> None:
    """Prints what the user should know but need not act on."""
    echo_error(f"note: {text}")


def echo_json(value: object) -> None:
    """Prints one JSON document on stdout."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))
