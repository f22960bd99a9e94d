"""The deliveries with a story come out as `fixtures/deliveries/NAME.toml` says, under every policy, through whole scans."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

import pytest

from scanner.judge.decide import exit_code
from scanner.model.judging import Finding, Severity, Verdict
from scanner.model.matching import Relation, Role
from scanner.model.scan import AssetRecord, Scan
from tests.deliveries.conftest import needs_exiftool
from tests.deliveries.plays import DELIVERIES, SHIPPED, Play, Stage, all_plays

pytest.importorskip("av", reason="the deliveries hold films, and films need the extra `video`")

PLAYS = {play.name: play for play in all_plays()}
CASES = [(name, policy) for name, play in PLAYS.items() for policy in play.policies]
WORDS = ("blocked", "incomplete", "review", "told")
SEED_PRINCIPLES = ("P1", "P2", "P3", "P4", "P5")


def word_of(finding: Finding) -> str:
    match finding.severity:
        case Severity.HIGH:
            return "incomplete" if finding.coverage else "blocked"
        case Severity.MEDIUM:
            return "review"
        case Severity.INFO:
            return "told"


def outcome(findings: Iterable[Finding]) -> dict[str, list[str]]:
    """Rules by what they ask for, and the principles they touch: as a delivery's file tells them."""
    found = list(findings)
    rules = {word: sorted({one.rule for one in found if word_of(one) == word}) for word in WORDS}
    touches = sorted({each for one in found for each in one.principle.split(", ") if each})
    return {key: value for key, value in {**rules, "touches": touches}.items() if value}


def expected(told: dict[str, Any], record: AssetRecord) -> dict[str, Any]:
    """What is told of one asset, by its path or the one glob that fits it; what nothing is told of passes without a finding."""
    rows = [row for glob, row in told["assets"].items() if fnmatchcase(record.path, glob)]
    assert len(rows) < 2, f"{record.path} is told of twice"
    return rows[0] if rows else {"verdict": "pass"}


@needs_exiftool
@pytest.mark.parametrize(("name", "policy"), CASES)
def test_delivery(name: str, policy: str, stage: Stage) -> None:
    play, told = PLAYS[name], PLAYS[name].told["policies"][policy]

    scan = stage.scan(play, policy)

    assert (scan.verdict, exit_code(scan.verdict)) == (told["verdict"], told["exit_code"])
    assert outcome(scan.findings) == told.get("delivery", {})
    for record in scan.assets:
        assert {"verdict": record.verdict, **outcome(record.findings)} == expected(told, record), record.path


@pytest.mark.parametrize("play", PLAYS.values(), ids=PLAYS)
def test_every_delivery_is_told_under_every_shipped_policy_with_its_reason(play: Play) -> None:
    assert set(SHIPPED) <= set(play.policies)
    assert all(told["why"] for told in play.told["policies"].values())
    assert (play.folder / "story.md").is_file()
    assert play.drive.is_dir()


@needs_exiftool
@pytest.mark.parametrize("play", PLAYS.values(), ids=PLAYS)
def test_every_row_is_about_a_file_that_is_there(play: Play, stage: Stage) -> None:
    paths = [record.path for record in stage.scan(play, "default").assets]
    globs = {glob for told in play.told["policies"].values() for glob in told["assets"]}

    assert {glob for glob in globs if not any(fnmatchcase(path, glob) for path in paths)} == set()


def test_every_story_is_told() -> None:
    stories = {story.parent for story in DELIVERIES.glob("*/story.md")}

    assert stories == {play.folder for play in PLAYS.values()}


@pytest.mark.parametrize("principle", SEED_PRINCIPLES)
def test_each_seed_principle_acts_in_a_delivery_and_asks_for_something(principle: str) -> None:
    acting = {
        name
        for name, play in PLAYS.items()
        for told in play.told["policies"].values()
        for row in told["assets"].values()
        if principle in row.get("touches", ()) and row["verdict"] in ("review", "blocked")
    }

    assert acting


@needs_exiftool
def test_the_librarys_match_names_the_source_of_a_stripped_copy(stage: Stage) -> None:
    scan = stage.scan(PLAYS["documentary-with-library"], "default")

    assert (Role.AI, Relation.DERIVED) in relations(scan, "final/ep1/stills/st_021.jpg")


@needs_exiftool
def test_limits_that_the_stories_admit(stage: Stage) -> None:
    """What a story says that the scan does not see yet: should it see it one day, story and expectation must say so."""
    unseen = {
        "paper-lanterns": "final/ep4/vfx/mp_0150_v003.jpg",
        "second-voice": "final/sound/second_voice_r2_mix.wav",
        "reel-nine": "archive/restored/arcade_1924_mended.jpg",
    }
    for name, path in unseen.items():
        record = {one.path: one for one in stage.scan(PLAYS[name], "default").assets}[path]
        assert (record.verdict, record.findings) == (Verdict.PASS, ()), path
        assert path.rpartition("/")[2] in (PLAYS[name].folder / "story.md").read_text("utf-8")


def relations(scan: Scan, path: str) -> set[tuple[Role, Relation]]:
    return {(match.reference.role, match.relation) for asset in scan.assets if asset.path == path for match in asset.matches}
