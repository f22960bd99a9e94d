"""Scans that keep readings and recall them."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run, generated, make_delivery

RACY_SECONDS = 2.1
"""Files that changed within two seconds of a scan are not kept: they could change again unseen."""
RECALLED = "files were read by an earlier scan"


@pytest.fixture
def leaking(tmp_path: Path) -> Path:
    """A delivery with something to find."""
    return make_leaking(tmp_path)


def make_leaking(folder: Path) -> Path:
    delivery = make_delivery(folder)
    generated(delivery / "final" / "leak.png")
    return delivery


@pytest.fixture(scope="module")
def settling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Such deliveries without end; several wait at once, so that not every test does."""

    def made() -> Iterator[Path]:
        while True:
            several = [make_leaking(tmp_path_factory.mktemp("settled")) for _ in range(3)]
            time.sleep(RACY_SECONDS)
            yield from several

    return made()


@pytest.fixture
def settled(settling: Iterator[Path]) -> Path:
    """A delivery of the test's own whose files are older than the times that are not trusted."""
    return next(settling)


def test_a_second_scan_reads_nothing_and_says_the_same(run: Run, settled: Path, tmp_path: Path) -> None:
    store = str(tmp_path / "kept" / "readings.sqlite")
    clock = {"SOURCE_DATE_EPOCH": "1800000000"}
    first = run("scan", "--store", store, "--output", "one", str(settled), **clock)
    second = run("scan", "--store", store, "--output", "two", str(settled), **clock)

    assert (first.returncode, second.returncode) == (11, 11)
    assert RECALLED not in first.stdout
    assert RECALLED in second.stdout
    one, two = ((tmp_path / "work" / name / "scan.json").read_bytes() for name in ("one", "two"))
    assert one == two

    # A new policy judges what is kept.
    allowing = run("scan", "--store", store, "--output", "three", "--zone", "temporary", str(settled), **clock)
    assert allowing.returncode == 0
    assert RECALLED in allowing.stdout

    (settled / "final" / "leak.png").write_bytes(b"")
    changed = run("scan", "--store", store, "--output", "four", str(settled), **clock)
    assert changed.returncode == 4


def test_paranoid_scans_say_so(run: Run, settled: Path, tmp_path: Path) -> None:
    store = str(tmp_path / "readings.sqlite")
    run("scan", "--store", store, str(settled))
    done = run("scan", "--store", store, "--paranoid", "--output", "again", str(settled))

    assert done.returncode == 11
    assert RECALLED in done.stdout
    report = json.loads((tmp_path / "work" / "again" / "scan.json").read_text("utf-8"))
    assert "paranoid" in json.dumps(report["options"])
    assert "bytes were compared" in json.dumps(report["coverage_statement"])


def test_without_a_store_nothing_is_kept(run: Run, leaking: Path, environment: dict[str, str]) -> None:
    assert run("scan", str(leaking)).returncode == 11
    assert not list(Path(environment["HOME"]).rglob("readings.sqlite"))


def test_a_store_within_the_delivery_is_refused(run: Run, leaking: Path) -> None:
    done = run("scan", "--store", str(leaking / "final" / "readings.sqlite"), str(leaking))

    assert done.returncode == 2
    assert "must not be kept in the scanned folder" in done.stderr
    assert not (leaking / "final" / "readings.sqlite").exists()


def test_the_own_store_is_left_out_where_a_scanned_folder_holds_it(run: Run, environment: dict[str, str]) -> None:
    home = Path(environment["HOME"])
    (home / "final").mkdir()
    generated(home / "final" / "leak.png")
    done = run("scan", str(home), SCANNER_NO_STORE="0", XDG_CACHE_HOME=str(home / "cache"), XDG_DATA_HOME="")

    assert done.returncode == 11, done.stderr
    assert "no readings are kept for the next scan: your cache folder lies in what is scanned" in " ".join(done.stdout.split())
    assert not list(home.rglob("readings.sqlite"))


def test_a_scan_does_without_the_own_store_where_it_cannot_be_used(run: Run, leaking: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.write_text("no folder")
    without = run("scan", str(leaking), SCANNER_NO_STORE="0", XDG_CACHE_HOME=str(cache))
    damaged = tmp_path / "damaged" / "media-provenance-scanner" / "readings.sqlite"
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"no database" * 900)
    beside = run("scan", str(leaking), SCANNER_NO_STORE="0", XDG_CACHE_HOME=str(tmp_path / "damaged"))

    for done in (without, beside):
        assert (done.returncode, done.stderr) == (11, "")
        assert "no readings are kept for the next scan" in " ".join(done.stdout.split())
    assert damaged.read_bytes() == b"no database" * 900


@pytest.mark.parametrize("content", [b"not a database at all" * 200, b""], ids=["other", "empty"])
def test_a_damaged_store_stops_the_scan_before_it_reads(run: Run, leaking: Path, tmp_path: Path, content: bytes) -> None:
    store = tmp_path / "readings.sqlite"
    store.write_bytes(content)
    done = run("scan", "--store", str(store), str(leaking))

    if content:
        assert done.returncode == 1
        assert done.stderr.count("\n") <= 3
        assert "--store" in done.stderr
        assert store.read_bytes() == content
    else:
        assert done.returncode == 11


def test_a_full_disk_under_the_store_is_told_and_loses_nothing(run: Run, settled: Path, tmp_path: Path) -> None:
    store = tmp_path / "readings.sqlite"
    assert run("scan", "--store", str(store), "--output", "first", str(settled)).returncode == 11
    with sqlite3.connect(store) as database:
        database.execute("DELETE FROM readings_reading")
        database.execute("DELETE FROM readings_outcome")
        database.execute("CREATE TRIGGER full BEFORE INSERT ON readings_reading BEGIN SELECT RAISE(FAIL, 'disk I/O error'); END")
    done = run("scan", "--store", str(store), "--output", "second", str(settled))

    assert done.returncode == 11
    assert "readings could not be kept for the next scan" in done.stdout
