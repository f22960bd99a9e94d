from __future__ import annotations

import click
import pytest

from scanner.cli import main
from scanner.model.errors import NothingToScan, ReportError, StoreError, ToolError, UsageError


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("wrong", where="here", next_step="Do this."), 2),
        (NothingToScan("nothing"), 3),
        (ToolError("gone"), 1),
        (StoreError("broken"), 1),
        (ReportError("full"), 1),
        (KeyboardInterrupt(), 130),
        (click.UsageError("no such flag"), 2),
        (RuntimeError("a fault\x1b[31m"), 1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_error_is_one_code_and_no_traceback(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> int:
        raise error

    monkeypatch.setattr(main.cli, "main", fail)

    assert main._exit_code() == code
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "\x1b" not in said


def test_an_error_says_what_where_and_what_next(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(**_: object) -> int:
        raise UsageError("the zone is unknown", where="--zone finel", next_step="Did you mean final?")

    monkeypatch.setattr(main.cli, "main", fail)
    main._exit_code()

    assert capsys.readouterr().err == "scanner: --zone finel: the zone is unknown. Did you mean final?\n"
