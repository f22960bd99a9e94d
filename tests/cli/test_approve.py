"""``scanner approve``, and the story of an approved leak, through the real command line."""

from __future__ import annotations

import json
import os
import pwd
import sqlite3
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image, PngImagePlugin

from scanner.cli.approve import approve_command
from scanner.model.errors import ScannerError, UsageError
from scanner.store.approval_log import open_approval_log
from tests.cli.conftest import PARAMETERS, Run, generated, noise

WHO = ("--approver", "Dana Reyes, Netflix", "--reference", "NFLX-2231", "--use", "background plate in ep 1")
GIVEN = (*WHO, "--category", "creative-output", "--date", "2026-01-05")


def approved(run: Run, *arguments: str | Path, **more: str) -> str:
    done = run("approve", *map(str, arguments), *GIVEN, **more)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def scanned(run: Run, root: Path, *options: str) -> tuple[int, dict[str, dict[str, object]]]:
    done = run(
        "scan", str(root), "--zone", "final", "--no-library", "--workers", "1", "--format", "json", "--output", "-", *options
    )
    report = json.loads(done.stdout)
    return done.returncode, {asset["path"]: asset for asset in report["assets"]} | {"": report}


def rules(asset: dict[str, object]) -> list[str]:
    return [finding["rule"] for finding in asset["findings"]]  # type: ignore[attr-defined]


@pytest.fixture
def still(tmp_path: Path) -> Path:
    path = tmp_path / "DRIVE" / "ep1" / "still.png"
    path.parent.mkdir(parents=True)
    generated(path)
    return path


def test_the_story_of_an_approved_leak(run: Run, still: Path, environment: dict[str, str]) -> None:
    drive = still.parents[1]
    assert scanned(run, drive)[0] == 11

    said = approved(run, still)
    code, found = scanned(run, drive)
    assert code == 0
    leak = found["ep1/still.png"]
    (approval,) = leak["approvals"]  # type: ignore[misc]
    assert (approval["state"], approval["approver"], approval["use"]) == ("valid", WHO[1], WHO[5])
    assert leak["findings"][0]["allowed_by"] == approval["id"]  # type: ignore[index]
    assert approval["id"] in said
    assert approval["recorder"] == pwd.getpwuid(os.getuid()).pw_name
    assert found[""]["approval_log"]["head"] in said  # type: ignore[index]

    # Saved again without loss, its mark kept: other bytes, the same pixels.
    first = still.read_bytes()
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", PARAMETERS)
    Image.open(still).save(still, pnginfo=text, compress_level=1)
    assert still.read_bytes() != first
    code, found = scanned(run, drive)
    assert (code, rules(found["ep1/still.png"])) == (10, ["approval-carried-over", "ai-declared"])
    assert found["ep1/still.png"]["approvals"][0]["state"] == "carried-over"  # type: ignore[index]

    # Another picture under the approved name.
    noise(77).save(still, pnginfo=text)
    code, found = scanned(run, drive)
    assert (code, found["ep1/still.png"]["approvals"]) == (11, [])

    # Re-encoded and smaller: every mark is gone, and nothing else of the original is in the delivery.
    still.write_bytes(first)
    smaller = still.with_suffix(".jpg")
    Image.open(still).convert("RGB").resize((56, 56)).save(smaller, quality=80)
    still.unlink()
    code, found = scanned(run, drive)
    assert (code, rules(found["ep1/still.jpg"])) == (10, ["approval-carried-over"])

    # Confirmed: the new version is approved in the place of the first.
    digest = approval["content"]
    approved(run, smaller, "--supersedes", digest)
    assert scanned(run, drive)[0] == 0

    # The first version is back beside it: the wrong one of two.
    still.write_bytes(first)
    code, found = scanned(run, drive)
    assert (code, rules(found["ep1/still.png"])) == (10, ["approval-contradicted", "ai-declared"])

    # Withdrawn.
    assert run("approvals", "revoke", approval["id"], "--reason", "Dana took it back").returncode == 0
    code, found = scanned(run, drive)
    assert (code, rules(found["ep1/still.png"])) == (11, ["ai-declared", "approval-lapsed"])
    assert scanned(run, drive, "--no-approvals")[1][""]["approval_log"] is None


def test_nothing_is_written_beside_what_is_approved(run: Run, still: Path, tmp_path: Path) -> None:
    before = sorted(path.name for path in still.parents[1].rglob("*"))
    approved(run, still)

    assert sorted(path.name for path in still.parents[1].rglob("*")) == before
    assert (tmp_path / "home" / "share" / "media-provenance-scanner" / "approvals.sqlite").is_file()


def test_the_summary_names_who_allowed_what_until_when(run: Run, still: Path, tmp_path: Path) -> None:
    approved(run, still, "--expires", "2099-12-31")

    done = run("scan", str(still.parent), "--zone", "final", "--output", "r")

    assert done.returncode == 0
    said = " ".join(done.stdout.split())
    assert "ALLOWED still.png Allowed by Dana Reyes, Netflix · reference NFLX-2231 · creative output · until 2099-12-31" in said
    assert "Dana Reyes, Netflix" in (tmp_path / "work" / "r" / "scan.html").read_text("utf-8")


def test_the_environment_names_the_log_and_lies_about_the_user(run: Run, still: Path, tmp_path: Path) -> None:
    log = str(tmp_path / "production.sqlite")
    approved(run, still, SCANNER_APPROVALS=log, USER="dana", LOGNAME="dana")

    (entry,) = open_approval_log(log, create=False).entries()
    assert entry.read()["recorder"] == pwd.getpwuid(os.getuid()).pw_name
    done = run("scan", str(still.parent), "--zone", "final", "--output", "r", "--quiet", SCANNER_APPROVALS=log)
    assert done.returncode == 0
    assert run("scan", str(still.parent), "--zone", "final", "--output", "r", "--quiet").returncode == 11


def test_approving_again_records_nothing_twice(run: Run, still: Path) -> None:
    identity = approved(run, still, "--quiet").strip()

    assert f"in the log already  {identity}" in approved(run, still)


def test_a_sequence_by_a_quoted_glob(run: Run, tmp_path: Path) -> None:
    shot = tmp_path / "DRIVE" / "shot"
    shot.mkdir(parents=True)
    for number in range(1, 10):
        generated(shot / f"a.{number:04}.png")

    said = approved(run, shot / "a.*.png")

    assert "a.1-9#.png" in said
    assert "sequence sha256" in said
    assert scanned(run, shot)[0] == 0


MISTAKES = [
    (("--category", "creative"), "--category: creative is no category (did you mean creative-output?"),
    (("--date", "5 Jan 2026"), "--date: the date is no day as YYYY-MM-DD"),
    (("--expires", "2026-01-04"), "--expires: it expires on 2026-01-04, before its date 2026-01-05"),
    (("--expires", "soon"), "--expires: the last day is no day"),
    (("--approver", "  "), "--approver: the approver is empty"),
    (("--use", "x" * 2001), "--use: the use is longer than 2,000 characters"),
    (("--reference", "a\nb"), "--reference: the reference holds a line break"),
    (("--approver", pwd.getpwuid(os.getuid()).pw_name.upper()), "who writes this down; the approver is somebody else"),
    (("--approver", f"\u200b{pwd.getpwuid(os.getuid()).pw_name} "), "who writes this down; the approver is somebody else"),
    (("--supersedes", "f" * 64), "no approval of the log is about the superseded content ffffffffffffffff"),
    (("--supersedes", "nowhere.png"), "nowhere.png: no such file, folder or sequence"),
]


def invoke(*arguments: str) -> str:
    done = CliRunner().invoke(approve_command, [arguments[0], *GIVEN, *arguments[1:]], standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.output


@pytest.mark.parametrize(("options", "what"), MISTAKES)
def test_a_mistake_is_one_line_and_records_nothing(still: Path, tmp_path: Path, options: tuple[str, str], what: str) -> None:
    log = str(tmp_path / "log.sqlite")
    with pytest.raises(UsageError) as caught:
        invoke(str(still), "--approvals", log, *options)

    assert what in str(caught.value)
    assert str(caught.value).isprintable()
    assert not Path(log).exists() or open_approval_log(log, create=False).entries() == ()


def test_a_mistake_ends_with_two_and_no_traceback(run: Run, still: Path) -> None:
    done = run("approve", str(still), *GIVEN, "--category", "creative")

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("scanner: --category: creative is no category")


def test_a_log_beside_the_media_is_refused(still: Path) -> None:
    with pytest.raises(UsageError, match="must not be kept in the folder of what is decided on"):
        invoke(str(still), "--approvals", str(still.parent / "log.sqlite"))
    with pytest.raises(UsageError, match="must not be kept in the folder of what is decided on"):
        invoke(str(still.parent), "--approvals", str(still.parent / "deeper" / "log.sqlite"))
    assert [path.name for path in still.parent.iterdir()] == ["still.png"]


def test_a_broken_log_is_told_before_anything_is_hashed(run: Run, still: Path, tmp_path: Path) -> None:
    log = str(tmp_path / "log.sqlite")
    approved(run, still, "--approvals", log)
    with sqlite3.connect(log) as connection:
        connection.execute("DROP TRIGGER entry_is_not_changed")
        connection.execute("UPDATE entry SET payload = replace(payload, 'NFLX', 'MINE')")
    connection.close()

    for command in (["approve", "nothing-is-here.png", *GIVEN], ["scan", str(still.parent)], ["approvals", "verify"]):
        done: subprocess.CompletedProcess[str] = run(*command, "--approvals", log)
        assert done.returncode == 2
        assert "entry 1 is not what was recorded: its content or its hash was changed" in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_place_that_cannot_be_written(still: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ScannerError, match=r"folder cannot be made.*--approvals"):
        invoke(str(still), "--approvals", str(tmp_path / "file" / "log.sqlite"))


def test_several_files_get_an_approval_each(run: Run, still: Path) -> None:
    other = still.with_name("other.png")
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", PARAMETERS)
    noise(40).save(other, pnginfo=text)
    noise(5).save(still.with_name("unrelated.png"))

    said = approved(run, still, other, still, "--quiet")

    assert len(set(said.split())) == 2
    assert scanned(run, still.parent)[0] == 0


HOSTILE = "<script>alert(1)</script> =HYPERLINK(1) \u202e ]]> ' \" & | `x` [a](javascript:x)"


def test_hostile_words_are_shown_and_never_run(run: Run, still: Path, tmp_path: Path) -> None:
    done = run("approve", str(still), *GIVEN, "--approver", HOSTILE, "--reference", HOSTILE, "--use", HOSTILE)
    assert done.returncode == 0
    listed, shown = run("approvals", "list"), run("approvals", "show", done.stdout.split()[1])
    summary = run("scan", str(still.parent), "--zone", "final", "--output", "r")

    for said in (done.stdout, listed.stdout, shown.stdout, summary.stdout):
        assert "\u202e" not in said
        assert all(char.isprintable() for line in said.splitlines() for char in line)
    assert summary.returncode == 0
    page = (tmp_path / "work" / "r" / "scan.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    report = json.loads((tmp_path / "work" / "r" / "scan.json").read_text("utf-8"))
    assert report["assets"][0]["approvals"][0]["approver"] == HOSTILE
