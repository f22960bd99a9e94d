"""The command that opens the review room: what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.report.scans import blocked
from tests.report.written import to_json

pytest.importorskip("starlette", reason="the extra 'review' is not installed")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report"
    path.mkdir()
    (path / "scan.json").write_text(to_json(blocked()))
    return path


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.com"])
def test_other_machines_are_let_in_with_a_token_file_only(run: Run, report: Path, host: str) -> None:
    done = run("review", "--host", host, str(report))
    assert done.returncode == 2
    assert "other machines reach this address" in done.stderr and "--token-file" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (b"t" * 40, 0o644, "others may read the token"),
        (b"short", 0o600, "shorter than 20 characters"),
        (b"\xff" * 40, 0o600, "no plain text"),
        (b"", 0o600, "shorter than 20 characters"),
        (None, 0, "cannot be read: no such file"),
    ],
)
def test_a_token_must_be_long_and_ones_own(run: Run, report: Path, tmp_path: Path, content, mode: int, said: str) -> None:
    token = tmp_path / "token"
    if content is not None:
        token.write_bytes(content)
        token.chmod(mode)
    done = run("review", "--host", "0.0.0.0", "--token-file", str(token), str(report))
    assert done.returncode == 2 and said in done.stderr, done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_what_is_no_report_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "scan.json").write_text("{}")
    for path, said in (
        (tmp_path, "is no scan report"),
        (tmp_path / "nothing", "cannot be read"),
        (tmp_path / "scan.json", "is no scan report"),
    ):
        done = run("review", str(path))
        assert done.returncode == 2 and said in done.stderr
    assert run("review").returncode == 2
