from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Run, generated, many_pictures, noise


def digests(root: Path) -> dict[bytes, str]:
    """SHA-256 of every regular file below `root`, by its raw path."""
    found = {}
    for folder, _, names in os.walk(os.fsencode(root)):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not os.path.islink(path):
                found[path] = hashlib.sha256(Path(os.fsdecode(path)).read_bytes()).hexdigest()
    return found


def report_of(done: subprocess.CompletedProcess[str], work: Path) -> dict:
    return json.loads(next((work / "reports").rglob("scan.json")).read_text("utf-8"))


def test_a_quiet_delivery_passes(run: Run, delivery: Path) -> None:
    done = run("scan", str(delivery))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("PASS")


def test_a_generated_picture_in_a_final_zone_blocks(run: Run, delivery: Path) -> None:
    generated(delivery / "final" / "leak.png")

    done = run("scan", str(delivery))

    assert done.returncode == 11
    assert done.stdout.startswith("BLOCKED")
    assert "final/leak.png" in done.stdout


def test_an_unassigned_folder_reviews(run: Run, tmp_path: Path) -> None:
    (tmp_path / "things").mkdir()
    generated(tmp_path / "things" / "x.png")

    assert run("scan", str(tmp_path / "things")).returncode == 10


def test_zone_option_names_the_whole_root(run: Run, tmp_path: Path) -> None:
    (tmp_path / "things").mkdir()
    generated(tmp_path / "things" / "x.png")

    assert run("scan", "--zone", "final", str(tmp_path / "things")).returncode == 11


def test_an_unreadable_picture_makes_the_scan_incomplete(run: Run, delivery: Path) -> None:
    (delivery / "final" / "empty.jpg").write_bytes(b"")

    done = run("scan", str(delivery))

    assert done.returncode == 4
    assert run("scan", "--allow-incomplete", str(delivery)).returncode == 0


@pytest.mark.parametrize(("threshold", "code"), [("review", 11), ("blocked", 11), ("never", 0)])
def test_fail_on(run: Run, delivery: Path, threshold: str, code: int) -> None:
    generated(delivery / "final" / "leak.png")

    assert run("scan", "--fail-on", threshold, str(delivery)).returncode == code


def test_an_empty_folder_is_nothing_to_scan(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    done = run("scan", str(tmp_path / "empty"))

    assert done.returncode == 3
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["--zone", "finel"],
        ["--trust", "missing.toml"],
        ["--policy", "missing.toml"],
        ["--library", "missing.sqlite"],
        ["--format", "pdf"],
        ["--output", "-"],
        ["--no-such-flag"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told_in_a_line_before_anything_is_read(run: Run, delivery: Path, arguments: list[str]) -> None:
    done = run("scan", *arguments, str(delivery))

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not done.stdout


def test_a_missing_root_and_overlapping_roots_are_wrong_usage(run: Run, delivery: Path) -> None:
    assert run("scan", str(delivery / "nowhere")).returncode == 2
    assert run("scan", str(delivery), str(delivery / "final")).returncode == 2


def test_reports_are_refused_inside_the_scanned_tree(run: Run, delivery: Path) -> None:
    before = digests(delivery)

    done = run("scan", "--output", str(delivery / "reports"), str(delivery))

    assert done.returncode == 2
    assert digests(delivery) == before


def test_reports_move_out_where_the_working_folder_is_scanned(run: Run, tmp_path: Path) -> None:
    noise(3).save(tmp_path / "work" / "a.png")

    done = run("scan", ".")

    assert done.returncode == 0
    assert not (tmp_path / "work" / "reports").exists()
    assert list((tmp_path / "home").rglob("scan.html"))


def test_one_format_can_be_piped(run: Run, delivery: Path) -> None:
    done = run("scan", "--format", "json", "--output", "-", str(delivery))

    assert json.loads(done.stdout)["verdict"] == "pass"
    assert done.stderr.startswith("PASS")


def test_quiet_says_nothing(run: Run, delivery: Path) -> None:
    done = run("scan", "--quiet", str(delivery))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_two_scans_with_a_fixed_clock_are_byte_identical(run: Run, delivery: Path, tmp_path: Path) -> None:
    generated(delivery / "final" / "leak.png")
    for name in ("one", "two"):
        run("scan", "--output", str(tmp_path / name), str(delivery), SOURCE_DATE_EPOCH="1700000000")

    for report in ("scan.json", "scan.html"):
        assert (tmp_path / "one" / report).read_bytes() == (tmp_path / "two" / report).read_bytes()


def test_hostile_names_all_come_out_and_nothing_changes(run: Run, delivery: Path, tmp_path: Path) -> None:
    picture = (delivery / "final" / "still.png").read_bytes()
    folder = os.fsencode(delivery / "final")
    names = [
        b"new\nline.png", b"x\n-Comment=pwned\n-overwrite_original", b"-Comment=pwned.png", b"return\r", b"bad\xff\xfe.png",
        b"#[CSTR]x.png", b"pipe|", b"$HOME@.png", b"\x1b[31mred.png", "\u202egnp.exe.png".encode(),
        b"a" * 251 + b".png", b" lead.png",
    ]  # fmt: skip
    for name in names:
        Path(os.fsdecode(os.path.join(folder, name))).write_bytes(picture)
    os.symlink("/etc", delivery / "final" / "link")
    os.mkfifo(delivery / "final" / "fifo.png")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(delivery / "final" / "socket"))
    before = digests(delivery)

    done = run("scan", str(delivery))
    listener.close()

    report = report_of(done, tmp_path / "work")
    assert done.returncode == 0, done.stdout + done.stderr
    assert digests(delivery) == before
    assert len(report["assets"]) == 2 + len(names)
    assert {one["provenance"] for one in report["assets"] if one["zone"] == "final"} == {"no-marks"}
    assert {one["kind"] for one in report["specials"]} == {"symlink", "fifo", "socket"}
    assert not [char for char in done.stdout if ord(char) < 32 and char != "\n"]
    assert "\u202e" not in done.stdout
    html = next((tmp_path / "work" / "reports").rglob("scan.html")).read_text("utf-8")
    assert "\x1b" not in html
    assert "\u202e" not in html


def test_interrupting_leaves_a_report_marked_incomplete(tmp_path: Path, environment: dict[str, str], delivery: Path) -> None:
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    many_pictures(delivery / "final", 600)
    process = subprocess.Popen(
        [sys.executable, "-m", "scanner", "scan", "--output", str(tmp_path / "out"), str(delivery)],
        env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    _wait_until_reading(process)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)

    report = json.loads((tmp_path / "out" / "scan.json").read_text("utf-8"))
    assert process.returncode == 130, stdout + stderr
    assert (report["complete"], report["interrupted"], report["verdict"]) == (False, True, "incomplete")
    assert len(report["assets"]) == 602
    assert "Traceback" not in stderr


def test_killing_the_scan_leaves_no_half_report_and_no_process(
    tmp_path: Path, environment: dict[str, str], delivery: Path
) -> None:
    if shutil.which("exiftool") is None or sys.platform != "linux":
        pytest.skip("needs ExifTool and Linux")
    many_pictures(delivery / "final", 300)
    before = digests(delivery)
    process = subprocess.Popen(
        [sys.executable, "-m", "scanner", "scan", "--output", str(tmp_path / "out"), str(delivery)],
        env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    children = _wait_until_reading(process)
    process.kill()
    process.wait()

    assert children
    assert not _alive_after(children, 5.0)
    assert list((tmp_path / "out").iterdir()) == []
    assert digests(delivery) == before


def _wait_until_reading(process: subprocess.Popen) -> set[int]:
    """Wait for a worker's ExifTool below the scan, then a moment more; return all processes below it."""
    for _ in range(600):
        children = _descendants(process.pid)
        if any("stay_open" in _command(pid) for pid in children):
            time.sleep(0.3)
            return _descendants(process.pid)
        time.sleep(0.05)
    raise AssertionError("the scan never began to read")


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def _descendants(pid: int) -> set[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = set(), [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found.update(children)
        waiting += children
    return found


def _alive_after(pids: set[int], seconds: float) -> set[int]:
    """Wait for the processes to end; return those that did not in that time."""
    until = time.monotonic() + seconds
    while (alive := {pid for pid in pids if _alive(pid)}) and time.monotonic() < until:
        time.sleep(0.02)
    return alive


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
