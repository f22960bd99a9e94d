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


@pytest.mark.parametrize(
    "name", ["", "*", "http://review.example.com", "review.example.com/", "a b", "a\nb", "é.example", "a:b", "-a", "a:123456"]
)
def test_a_name_is_a_host_that_browsers_ask_for(run: Run, report: Path, name: str) -> None:
    done = run("review", "--name", name, str(report))
    assert done.returncode == 2 and "is no name with which browsers ask" in done.stderr, done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "header",
    ["cookie", "Host", "ORIGIN", "Authorization", "Sec-Fetch-Site", "X-Review-Secret", "HX-Target", "a:b", "x_user", "é"],
)
def test_a_header_that_browsers_write_names_nobody(run: Run, report: Path, header: str) -> None:
    done = run("review", "--trust-proxy", header, str(report))
    assert done.returncode == 2 and "is no header in which a proxy says who asks" in done.stderr, done.stderr
    assert len(done.stderr.splitlines()) == 1
