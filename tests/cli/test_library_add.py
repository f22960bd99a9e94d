from __future__ import annotations

import contextlib
import glob
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from scanner.cli.library import library_group
from scanner.model.errors import ScannerError
from scanner.model.matching import Role
from scanner.store.library import open_library
from tests.cli.conftest import ROOT, Run, generated, noise
from tests.store.server import Server


@pytest.fixture
def library(tmp_path: Path) -> str:
    return str(tmp_path / "l.sqlite")


@pytest.fixture
def report(run: Run, delivery: Path, tmp_path: Path) -> Path:
    """The report of a scan of the delivery."""
    run("scan", "--output", str(tmp_path / "out"), "--quiet", str(delivery))
    return tmp_path / "out" / "scan.json"


def names(library: str) -> list[str]:
    return sorted(one.name for one in open_library(library, create=False).references())


def refused(*arguments: str) -> str:
    done = CliRunner().invoke(library_group, ["add", *arguments], standalone_mode=False)
    assert done.exception is not None
    return str(done.exception)


def test_assets_of_a_scan_by_provenance_and_rule(run: Run, report: Path, library: str) -> None:
    done = run(
        "library", "add", "--from-scan", str(report), "--provenance", "generated", "--role", "ai", "--collection", "EP1",
        "--library", library,
    )  # fmt: skip

    assert (done.returncode, done.stdout.split(";")[0]) == (0, "1 added as ai, 0 known already"), done.stderr
    assert names(library) == ["DRIVE_07/temp/idea.png"]
    assert open_library(library, create=False).collections() == {"EP1": 1}
    none = run("library", "add", "--from-scan", str(report), "--rule", "ai-in-archival", "--role", "ai", "--library", library)
    assert (none.returncode, "no asset of the report fits" in none.stderr) == (3, True)


def test_a_file_that_changed_since_the_scan_is_told_and_not_added(run: Run, report: Path, delivery: Path, library: str) -> None:
    noise(7).save(delivery / "temp" / "idea.png")

    done = run("library", "add", "--from-scan", str(report), "--role", "owned", "--library", library)

    assert "not added: DRIVE_07/temp/idea.png: its bytes are no longer those of that scan" in done.stdout
    assert names(library) == ["DRIVE_07/final/still.png"]


def test_a_report_that_was_changed_adds_nothing(run: Run, report: Path, library: str) -> None:
    content = json.loads(report.read_text())
    content["assets"][0]["provenance"] = "generated"
    report.write_text(json.dumps(content))

    done = run("library", "add", "--from-scan", str(report), "--role", "ai", "--library", library)

    assert (done.returncode, "its seal does not hold" in done.stderr) == (2, True)
    assert not Path(library).exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--provenance", "generated", "--role", "ai", "x"], "there is no scan to choose from"),
        (["--from-scan", "s.json"], "what this material is to you is missing"),
        (["--from-scan", "s.json", "--manifest", "m.csv", "--role", "ai"], "exclude each other"),
        (["--from-scan", "s.json", "--role", "ai"], "cannot be read"),
        (["--from-scan", "s.json", "--role", "ai", "--rule", "no-such-rule"], "'no-such-rule' is not one of"),
        (["--role", "ai", "--collection", " ", "x"], "a collection's name is one line"),
        (["--role", "ai", "--collection", "a\nb", "x"], "a collection's name is one line"),
        (["--role", "ai", "--collection", "x" * 81, "x"], "a collection's name is one line of 1 to 80"),
    ],
)
def test_wrong_usage(arguments: list[str], said: str, library: str) -> None:
    assert said in refused(*arguments, "--library", library)
    assert not Path(library).exists()


def test_the_library_must_not_lie_in_the_scanned_folder(run: Run, report: Path, delivery: Path) -> None:
    done = run("library", "add", "--from-scan", str(report), "--role", "ai", "--library", str(delivery / "l.sqlite"))
    assert (done.returncode, (delivery / "l.sqlite").exists()) == (2, False)


def wait_until_something_is_added(process: subprocess.Popen, library: str) -> None:  # type: ignore[type-arg]
    until = time.monotonic() + 100
    while time.monotonic() < until and process.poll() is None:
        # Between the making of the file and that of its tables it is no library yet.
        with contextlib.suppress(ScannerError):
            if open_library(library, create=False).count():
                return
        time.sleep(0.01)


def is_read(paths: Collection[Path]) -> bool:
    """Whether a process has one of the files open."""
    held = {str(path) for path in paths}
    for one in glob.iglob("/proc/[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if os.readlink(one) in held:
                return True
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's /proc")
def test_interrupted_it_says_what_is_kept_and_goes_on(
    run: Run, environment: dict[str, str], tmp_path: Path, library: str
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(240):
        noise(number).save(folder / f"{number}_{number % 7}.png", compress_level=0)
    # In the second part, and slow to decode: while they are read the first one is told, and there is time to interrupt.
    slow = [folder / f"{name}.png" for name in ("zebra", "zenith", "zinc", "zone")]
    for shade, path in enumerate(slow):
        Image.new("L", (3000, 3000), shade).save(path, compress_level=1)
    command = [sys.executable, "-m", "scanner", "library", "add", "--role", "owned", "--library", library, str(folder)]
    process = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 100
    while not is_read(slow):
        assert time.monotonic() < until
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    kept = open_library(library, create=False).count()
    assert process.returncode == 130
    assert kept == 200
    assert f"{kept} added as owned" in out
    assert "the same command goes on where it was" in out

    for path in slow:
        path.unlink()
    again = run("library", "add", "--role", "owned", "--library", library, str(folder))
    assert f"{240 - kept} added as owned, {kept} known already" in again.stdout


def test_killed_it_keeps_what_was_acknowledged(environment: dict[str, str], tmp_path: Path, library: str) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(205):
        noise(number).save(folder / f"{number}_{number % 7}.png", compress_level=0)
    command = [sys.executable, "-m", "scanner", "library", "add", "--role", "owned", "--library", library, str(folder)]
    process = subprocess.Popen(
        command, env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    wait_until_something_is_added(process, library)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    store = open_library(library, create=False)
    held = [one.id for one in store.references()]
    assert len(held) in (200, 205)
    assert store.find_complete(held) == frozenset(held)


def test_a_library_on_a_server_from_end_to_end(run: Run, delivery: Path, postgres: Server, tmp_path: Path) -> None:
    place = postgres.new_place()
    generated(delivery / "final" / "leak.png")

    added = run("library", "add", "--role", "ai", "--collection", "EP1", str(delivery / "temp"), "--library", place)
    listed = run("library", "list", "--library", place, "--collection", "EP1")
    verified = run("library", "verify", "--library", place)
    scanned = run("scan", str(delivery), "--library", place, "--collection", "EP1", "--output", str(tmp_path / "o"))
    doctor = run("doctor", SCANNER_LIBRARY=place)
    shown = run("config", "show", SCANNER_LIBRARY="postgresql://ines:secret@db/archive")

    assert (added.returncode, listed.returncode, verified.returncode, scanned.returncode) == (0, 0, 0, 11), added.stderr
    assert "ai-" in listed.stdout
    report = json.loads((tmp_path / "o" / "scan.json").read_text())
    assert report["library"] == {"name": "postgresql:///postgres", "references": 1}
    assert {"name": "collection", "value": "EP1"} in report["options"]
    assert report["library_sha256"] == open_library(place, create=False).digest()
    told = "".join(done.stdout + done.stderr for done in (added, listed, verified, scanned, doctor, shown))
    told += (tmp_path / "o" / "scan.json").read_text() + (tmp_path / "o" / "scan.html").read_text()
    assert postgres.folder not in told
    assert "secret" not in told
    assert "postgresql://db/archive" in shown.stdout
    assert "postgresql:///postgres" in doctor.stdout


@pytest.mark.parametrize(
    "command",
    [["add", "--role", "ai", "PICTURE"], ["list"], ["verify"], ["collect", "x", "ai-1"], ["export", "x.jsonl"]],
    ids=" ".join,
)
def test_errors_of_a_server_tell_no_password(tmp_path: Path, postgres: Server, command: list[str]) -> None:
    noise(1).save(tmp_path / "a.png")
    words = [str(tmp_path / "a.png") if word == "PICTURE" else word for word in command]
    place = postgres.over_network("wr0ng-Passw0rd")
    done = CliRunner().invoke(library_group, [*words, "--library", place], standalone_mode=False)
    said = str(done.exception)
    assert isinstance(done.exception, ScannerError)
    assert "refuses this user or password" in said
    assert "wr0ng" not in said + done.output
    assert "\n" not in said


def test_a_scan_tells_no_password_either(run: Run, tmp_path: Path, postgres: Server) -> None:
    noise(1).save(tmp_path / "a.png")
    done = run(
        "scan", "--learn", str(tmp_path / "a.png"), SCANNER_LIBRARY=postgres.over_network("wr0ng-Passw0rd"), SCANNER_DEBUG="1"
    )
    assert (done.returncode, done.stderr.count("refuses this user or password")) == (1, 1)
    assert "wr0ng" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_learning_puts_what_it_learns_into_the_collection(run: Run, delivery: Path, library: str) -> None:
    first = run("scan", "--learn", "--library", library, "--collection", "EP1", str(delivery))
    store = open_library(library, create=False)
    assert (first.returncode in (0, 10), store.collections(), store.count(Role.AI)) == (True, {"EP1": 1}, 1)


def test_a_collection_that_there_is_not_is_told(run: Run, delivery: Path, library: str) -> None:
    run("library", "add", "--role", "ai", "--collection", "Season 1", str(delivery / "temp"), "--library", library)
    done = run("scan", "--library", library, "--collection", "Season one", str(delivery))
    assert (done.returncode, "Did you mean 'Season 1'?" in done.stderr) == (2, True)
    assert run("scan", "--no-library", "--collection", "x", str(delivery)).returncode == 2


def test_only_the_collection_is_compared_with(run: Run, delivery: Path, library: str) -> None:
    generated(delivery / "final" / "leak.png")
    run("library", "add", "--role", "ai", "--collection", "EP1", str(delivery / "temp"), "--library", library)
    noise(9).save(delivery / "other.png")
    run("library", "add", "--role", "owned", "--collection", "EP2", str(delivery / "other.png"), "--library", library)
    said = []
    for chosen in (["--collection", "EP2"], ["--collection", "EP1"], []):
        done = run("scan", "--library", library, *chosen, "--output", "-", "--format", "json", str(delivery / "final"))
        report = json.loads(done.stdout)
        said.append((report["library"]["references"], any(asset["matches"] for asset in report["assets"])))
        digest = report["library_sha256"]
    assert said == [(1, False), (1, True), (2, True)]
    assert digest == open_library(library, create=False).digest()


def test_a_configuration_that_merely_lay_there_names_no_server(run: Run, delivery: Path, tmp_path: Path) -> None:
    (tmp_path / "work" / "scanner.toml").write_text('library = "postgresql://u:secret@evil.example/x"\n')

    done = run("scan", str(delivery))

    assert (done.returncode, "names a server" in done.stderr) == (2, True)
    assert "secret" not in done.stderr
    assert str(ROOT) not in done.stderr


def test_a_configuration_that_is_named_may_name_a_server(run: Run, delivery: Path, tmp_path: Path, postgres: Server) -> None:
    place = postgres.new_place()
    open_library(place, create=True).close()
    (tmp_path / "house.toml").write_text(f'library = "{place}"\ncollection = ["a b"]\n')
    done = run("scan", "--config", str(tmp_path / "house.toml"), str(delivery))
    assert (done.returncode, "a b: the library has no such collection" in done.stderr) == (2, True)


def test_errors_are_ours(library: str) -> None:
    done = CliRunner().invoke(library_group, ["add", "--role", "ai", "/none-such", "--library", library], standalone_mode=False)
    assert isinstance(done.exception, ScannerError)
