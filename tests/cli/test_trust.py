"""``scanner trust`` and what scans make of it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import Run, noise

FIXTURES = Path(__file__).parents[2] / "fixtures"
ANCHORS = FIXTURES / "trust" / "test-ca.pem"
TRUST = FIXTURES / "trust" / "test.toml"
NOON = "1790000000"
"""2026-09-21."""


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    root = tmp_path / "DRIVE"
    root.mkdir()
    noise(1).save(root / "still.png")
    return root


def scanned(run: Run, root: Path, *arguments: str, **more: str) -> dict:
    done = run("scan", str(root), "--no-fingerprints", "--format", "json", "--output", "-", *arguments, **more)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def test_import_list_scan_remove(run: Run, picture: Path) -> None:
    done = run("trust", "import", str(ANCHORS), "--name", "house", "--date", "2026-08-13", SOURCE_DATE_EPOCH=NOON)
    assert done.returncode == 0, done.stderr
    assert "1 certificates" in done.stdout
    assert "anchors" in done.stdout

    listed = run("trust", "list", SOURCE_DATE_EPOCH=NOON)
    assert "2026-08-13, 39 days old" in listed.stdout
    assert "OLDER" not in listed.stdout

    report = scanned(run, picture, SOURCE_DATE_EPOCH=NOON)
    assert [(one["name"], one["date"]) for one in report["trust_lists"]] == [("house", "2026-08-13")]
    assert scanned(run, picture, "--no-trust")["trust_lists"] == []
    assert [one["name"] for one in scanned(run, picture, "--trust", str(TRUST))["trust_lists"]] == ["test-ca.pem"]

    assert run("trust", "remove", "house").returncode == 0
    assert "no trust list is kept" in run("trust", "list").stdout
    assert scanned(run, picture)["trust_lists"] == []


def test_a_kept_list_makes_its_signers_trusted(run: Run, tmp_path: Path) -> None:
    root = tmp_path / "SIGNED"
    root.mkdir()
    signed = FIXTURES / "signed" / "captured.jpg"
    (root / signed.name).write_bytes(signed.read_bytes())
    assert run("trust", "import", str(TRUST)).returncode == 0
    with_list = scanned(run, root)["assets"][0]["credentials"]
    assert with_list == scanned(run, root, "--trust", str(TRUST))["assets"][0]["credentials"]
    assert with_list != scanned(run, root, "--no-trust")["assets"][0]["credentials"]


def test_an_old_list_is_told_by_list_and_scan(run: Run, picture: Path, tmp_path: Path) -> None:
    run("trust", "import", str(ANCHORS), "--name", "house", "--date", "2026-03-01", SOURCE_DATE_EPOCH=NOON)
    assert "OLDER than 180 days" in run("trust", "list", SOURCE_DATE_EPOCH=NOON).stdout
    run("scan", str(picture), "--no-fingerprints", "--format", "html", "--output", "out", SOURCE_DATE_EPOCH=NOON)
    note = "trust list house of 2026-03-01 is 204 days old: signers listed since are not known"
    assert note in (tmp_path / "work" / "out" / "scan.html").read_text("utf-8")


def test_a_trust_file_gives_all_its_lists_with_its_dates(run: Run, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(ANCHORS.read_bytes())
    (tmp_path / "use.cfg").write_text("1.3.6.1.5.5.7.3.4 // mail\n")
    os.utime(tmp_path / "use.cfg", (0, 1_700_000_000))
    (tmp_path / "t.toml").write_text('anchors = ["ca.pem"]\nekus = ["use.cfg"]\ndates = {"ca.pem" = 2026-05-01}')
    done = run("trust", "import", str(tmp_path / "t.toml"))
    assert done.returncode == 0, done.stderr
    lines = run("trust", "list").stdout.splitlines()
    assert [line.split()[:3] for line in lines] == [["ca", "anchors", "2026-05-01,"], ["use", "ekus", "2023-11-14"]]
    assert "1 key usages" in lines[1]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("just words", "no certificate"),
        ("", "no certificate"),
        ("-----BEGIN CERTIFICATE-----\nMAMC", "certificate 1 has no end"),
        ("-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----", "certificate 1 is no base64"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "certificate 1 is no certificate"),
        ("-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----", "certificate 1 is no certificate"),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_list_is_one_line_and_exit_2(run: Run, tmp_path: Path, content: str | None, says: str) -> None:
    path = tmp_path / "list.pem"
    if content is not None:
        path.write_text(content)
    done = run("trust", "import", str(path))
    assert done.returncode == 2
    assert says in done.stderr
    assert str(path) in done.stderr
    assert done.stderr.count("\n") == 1
    assert "no trust list" in run("trust", "list").stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("trust", "import", str(ANCHORS)), "--replace"),
        (("trust", "remove", "test-cb"), "Did you mean test-ca?"),
        (("trust", "import", str(TRUST), "--name", "x"), "one name cannot name 3 lists"),
        (("trust", "import", str(TRUST), "--kind", "ekus"), "Leave --kind away"),
        (("trust", "import", str(ANCHORS), "--kind", "ekus"), "no list of key usages"),
        (("trust", "import", str(ANCHORS), "--name", "a/b"), "cannot name"),
        (("scan", ".", "--trust", str(TRUST), "--no-trust"), "exclude each other"),
    ],
)
def test_mistakes_are_one_line_and_exit_2(run: Run, arguments: tuple[str, ...], says: str) -> None:
    run("trust", "import", str(ANCHORS))
    done = run(*arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_no_trust_outranks_the_environment(run: Run, picture: Path) -> None:
    assert scanned(run, picture, "--no-trust", SCANNER_TRUST=str(TRUST))["trust_lists"] == []
