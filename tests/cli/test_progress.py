from __future__ import annotations

import io
import sys

import pytest

from scanner.cli.progress import ProgressLine, progress_text


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("walking", 0, 0, 0.0), "walking …"),
        (("reading", 0, 1200, 0.0), "reading 0 of 1,200 files"),
        (("reading", 600, 1200, 6.0), "reading 600 of 1,200 files · 100 a second · 6 s left"),
        (("reading", 1000, 100_000, 10.0), "reading 1,000 of 100,000 files · 100 a second · 16 min left"),
        (("reading", 1000, 1_000_000, 100.0), "reading 1,000 of 1,000,000 files · 10 a second · 27.8 h left"),
    ],
)
def test_the_line_says_what_how_fast_and_how_long(arguments: tuple[str, int, int, float], text: str) -> None:
    assert progress_text(*arguments) == text


def test_it_is_silent_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with ProgressLine(enabled=True) as line:
        line("reading", 1, 2)

    assert sys.stderr.getvalue() == ""  # type: ignore[attr-defined]


def test_it_leaves_an_empty_line_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with ProgressLine(enabled=True) as line:
        line("reading", 1, 2)
        line("reading", 2, 2)

    written = sys.stderr.getvalue()  # type: ignore[attr-defined]
    assert "reading 2 of 2 files" in written
    assert written.endswith("\r\x1b[2K")
