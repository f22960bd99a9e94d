"""``scanner decide``, and what scans make of it, through the real command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from scanner.store.approval_log import open_approval_log
from tests.cli.conftest import Run
from tests.cli.test_approve import approved, rules, scanned, still  # noqa: F401 - a fixture


def decided(run: Run, kind: str, path: Path, *options: str) -> str:
    done = run("decide", kind, str(path), *options, "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def test_the_story_of_a_rejected_still(run: Run, still: Path, tmp_path: Path) -> None:  # noqa: F811
    drive = still.parents[1]
    approved(run, still)
    assert scanned(run, drive)[0] == 0

    rejection = decided(run, "reject", still, "--reason", "the client changed its mind", "--by", "Vera Okafor, legal")
    code, found = scanned(run, drive)
    one = found["ep1/still.png"]
    assert (code, rules(one)) == (11, ["content-rejected", "ai-declared"])
    assert [each["state"] for each in one["approvals"]] == ["overruled"]  # type: ignore[index,union-attr]
    assert [(each["kind"], each["state"], each["id"]) for each in one["decisions"]] == [  # type: ignore[index,union-attr]
        ("rejection", "standing", rejection)
    ]

    # Under another name, saved again, and a smaller copy: none of them passes silently.
    still.rename(still.with_name("hero.png"))
    with Image.open(still.with_name("hero.png")) as picture:
        picture.convert("RGB").save(still.with_name("again.png"))
        picture.convert("RGB").resize((160, 160)).save(still.with_name("small.jpg"), quality=80)
    _, found = scanned(run, drive)
    assert found["ep1/hero.png"]["verdict"] == found["ep1/again.png"]["verdict"] == "blocked"
    assert found["ep1/small.jpg"]["verdict"] == "review"
    assert all("content-rejected" in rules(found[f"ep1/{name}"]) for name in ("hero.png", "again.png", "small.jpg"))

    # A later approval of the content takes its place.
    approved(run, still.with_name("hero.png"))
    assert rules(scanned(run, drive)[1]["ep1/hero.png"]) == ["ai-declared"]
    listed = run("approvals", "list", "--format", "json").stdout
    assert [(each["kind"], each["state"]) for each in json.loads(listed)] == [
        ("approval", "overruled"),
        ("rejection", "overtaken"),
        ("approval", "stands"),
    ]


def test_a_question_is_told_until_something_is_decided(run: Run, still: Path) -> None:  # noqa: F811
    decided(run, "ask", still, "--question", "which tool made it?", "--to", "Joel Brandt, VFX")
    code, found = scanned(run, still.parent)
    assert (code, rules(found["still.png"])) == (11, ["ai-declared", "question-open"])

    approved(run, still)
    code, found = scanned(run, still.parent)
    assert (code, rules(found["still.png"])) == (0, ["ai-declared"])
    assert [each["state"] for each in found["still.png"]["decisions"]] == ["overtaken"]  # type: ignore[index,union-attr]


def test_no_ai_withdrawn_and_other_content_under_its_name(run: Run, still: Path) -> None:  # noqa: F811
    identity = decided(run, "not-ai", still, "--reason", "the mark came with a template")
    code, found = scanned(run, still.parent)
    # Generation parameters in a PNG are a definitive mark: no person's word lifts it.
    strong = found["still.png"]["findings"][0]["confidence"]  # type: ignore[index]
    assert (strong, code) == ("definitive", 10)
    assert rules(found["still.png"]) == ["ai-declared", "not-ai-contradicted"]

    assert run("approvals", "show", identity).stdout.splitlines()[0].split() == ["id", identity]
    assert run("approvals", "revoke", identity, "--reason", "looked again").returncode == 0
    assert scanned(run, still.parent)[0] == 11

    decided(run, "reject", still, "--reason", "wrong crop")
    Image.new("RGB", (64, 64), "#336699").save(still)
    assert rules(scanned(run, still.parent)[1]["still.png"]) == ["changed-since-decision"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("reject", "--reason", " "), "--reason: reason is empty"),
        (("ask", "--question", "why?", "--date", "soon"), "--date: the date is no day"),
        (("not-ai", "--reason", "x", "--segment", "3", "1"), "--segment: the part of the film ends at 1"),
        (("not-ai", "--reason", "x", "--segment", "1", "3"), "is neither film nor sequence: it has no parts"),
        (("reject",), "Missing option '--reason'"),
    ],
)
def test_what_cannot_be_recorded_is_told(run: Run, still: Path, arguments: tuple[str, ...], said: str) -> None:  # noqa: F811
    done = run("decide", arguments[0], str(still), *arguments[1:])

    assert done.returncode == 2
    assert said in done.stderr


def test_the_recorder_decides_unless_somebody_else_is_named(run: Run, still: Path, tmp_path: Path) -> None:  # noqa: F811
    log = str(tmp_path / "production.sqlite")
    decided(run, "reject", still, "--reason", "x", "--approvals", log)

    (entry,) = open_approval_log(log, create=False).entries()
    payload = entry.read()
    assert payload["decider"]
    assert (entry.kind, payload["statement"], payload["size_bytes"]) == ("rejection", "x", still.stat().st_size)
