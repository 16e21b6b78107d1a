"""The bar on a terminal, and silence elsewhere."""

from __future__ import annotations

import io
import sys

import pytest

from pycandle.weights.terminal import render_bar, terminal_progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_has_bytes_per_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")

    bar = render_bar(500_000_000, 2_000_000_000, 2.0)

    assert bar == "[######                  ]  25 % of 2.00 GB, 250.0 MB/s, 6 s left"


def test_a_narrow_terminal_has_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")

    assert render_bar(10, 40, 0.0) == " 25 % of 40 B, 0 B/s"


def test_a_terminal_shows_progress_and_is_clean_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr("pycandle.weights.terminal._INTERVAL", 0.0)

    show = terminal_progress()
    assert show is not None
    show(1, 4)
    show(4, 4)

    assert "25 % of 4 B" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\033[K")


def test_where_no_terminal_is_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())

    assert terminal_progress() is None
