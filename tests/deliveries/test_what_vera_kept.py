"""The case behind this project, act by act as its story tells it, with the command that people use: ingest, gate, approval."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.cli.warm import WarmCommand
from tests.deliveries.conftest import needs_exiftool
from tests.deliveries.plays import DELIVERIES, MARCH_2026, command

STORY = DELIVERIES / "what-vera-kept"
STILL = "final/ep1/stills/st_028.jpg"
OTHER_STILL = "final/ep1/stills/st_031.jpg"
APRIL_2028 = "1838332800"
"""After the last day of the permission."""
LETTER = {
    "approver": "Sigrid Holm, Norrland Picture Archive",
    "reference": "letter 2026-118",
    "use": "a neighbour's window covered, episode 1, with a card on screen",
    "date": "2026-03-12",
    "expires": "2028-03-12",
}

pytestmark = needs_exiftool


@dataclass
class Outcome:
    """What one scan came to."""

    code: int
    said: str
    report: dict[str, Any]

    def asset(self, path: str = STILL) -> dict[str, Any]:
        """Return what the report has of one file."""
        found: dict[str, Any] = next(asset for asset in self.report["assets"] if asset["path"] == path)
        return found

    @property
    def rules(self) -> dict[str, str]:
        """The rules found in the still, with their severity."""
        return {finding["rule"]: finding["severity"] for finding in self.asset()["findings"]}


@dataclass
class House:
    """The post house: a copy of the drive, a library and an approval log of its own."""

    home: Path
    warm: WarmCommand
    scans: dict[str, Outcome] = field(default_factory=dict)

    def run(self, *arguments: str, day: str = MARCH_2026) -> tuple[int, str]:
        """Run one command; return its exit code and what it said."""
        return command(self.warm, self.home, *arguments, day=day)

    def scan(self, name: str, *options: str, day: str = MARCH_2026) -> None:
        """Scan the drive, and keep what came of it as `name`."""
        output = self.home / "reports" / name
        drive = str(self.home / "WHAT_VERA_KEPT_101")
        code, said = self.run("scan", drive, "--format", "json", "--output", str(output), *options, day=day)
        self.scans[name] = Outcome(code, said, json.loads((output / "scan.json").read_text("utf-8")))

    def approve(self, category: str, *more: str) -> None:
        """Record the letter for the still that stands on the drive now."""
        options = [part for name, value in LETTER.items() for part in (f"--{name}", value)]
        self.run("approve", str(self.home / "WHAT_VERA_KEPT_101" / STILL), *options, "--category", category, *more)

    def put(self, source: str, still: str = STILL) -> None:
        """Put another file in a still's place, under its name."""
        shutil.copyfile(self.home / source, self.home / "WHAT_VERA_KEPT_101" / still)


@pytest.fixture(scope="module")
def acts(tmp_path_factory: pytest.TempPathFactory, warm: WarmCommand) -> dict[str, Outcome]:
    """Act the story once, from the archive's prints to the last day of the permission."""
    house = House(tmp_path_factory.mktemp("house"), warm)
    shutil.copytree(STORY, house.home, dirs_exist_ok=True)
    terms = ("--owner", "Norrland Picture Archive", "--licence", "NPA-7731: one film, world, no AI alteration")
    house.run("library", "add", "--role", "licensed", *terms, "--no-ai-alteration", str(house.home / "library/licensed"))
    house.scan("the gate")
    house.approve("ethics-and-representation")
    house.put("library/licensed/vera_and_sister_1958.jpg", OTHER_STILL)
    house.scan("the letter")
    house.scan("the last day is over", day=APRIL_2028)
    house.put("later/another_picture/st_028.jpg")
    house.scan("another picture")
    house.put("later/compressed_again/st_028.jpg")
    house.scan("saved anew")
    house.approve("ethics-and-representation", "--supersedes", str(STORY / "WHAT_VERA_KEPT_101" / STILL))
    house.scan("confirmed")
    house.scan("for a streamer", "--policy", "netflix-genai-2025")
    house.approve("creative-output")
    house.scan("for a streamer, in both categories", "--policy", "netflix-genai-2025")
    return house.scans


def test_acts_1_to_3_the_gate_blocks_the_altered_still_beside_its_original(acts: dict[str, Outcome]) -> None:
    gate = acts["the gate"]

    assert gate.code == 11
    assert gate.rules == {
        "ai-declared": "high",
        "altered-original": "high",
        "ai-marks-despite-terms": "medium",
        "near-owned-with-ai-marks": "medium",
    }
    match = gate.asset()["matches"][0]
    assert (match["reference_name"], match["role"], match["relation"]) == (
        "licensed/vera_kitchen_1961.jpg",
        "licensed",
        "altered",
    )
    assert 60_000 < match["alteration"]["share_ppm"] < 150_000
    assert "FIX      final/ep1/stills/st_028.jpg" in gate.said
    assert "also altered-original, ai-marks-despite-terms" in gate.said


def test_act_4_the_letter_lets_it_pass_and_stays_in_sight(acts: dict[str, Outcome]) -> None:
    gate, passed = acts["the gate"], acts["the letter"]

    assert (passed.code, passed.report["verdict"], passed.rules) == (0, "pass", gate.rules)
    (approval,) = passed.asset()["approvals"]
    assert {finding["allowed_by"] for finding in passed.asset()["findings"]} == {approval["id"]}
    assert {name: approval[name] for name in LETTER} == LETTER
    assert (approval["state"], approval["content"]) == ("valid", gate.asset()["hash"]["value"])
    assert approval["recorder"] not in ("", LETTER["approver"])
    assert "ALLOWED  final/ep1/stills/st_028.jpg" in passed.said
    assert "Allowed by Sigrid Holm, Norrland Picture Archive" in passed.said


def test_act_5_another_picture_under_the_approved_name_blocks(acts: dict[str, Outcome]) -> None:
    another = acts["another picture"]

    assert (another.code, another.asset()["verdict"], another.asset()["approvals"]) == (11, "blocked", [])
    assert [finding["rule"] for finding in another.report["findings"]] == ["approval-unused"]


def test_act_5_the_approved_picture_saved_anew_is_carried_over_until_it_is_confirmed(acts: dict[str, Outcome]) -> None:
    carried = acts["saved anew"]

    assert (carried.code, carried.asset()["verdict"]) == (10, "review")
    assert set(carried.rules.values()) == {"medium"}
    assert [approval["state"] for approval in carried.asset()["approvals"]] == ["carried-over"]
    assert "is carried over, confirm" in " ".join(carried.said.split())
    assert acts["confirmed"].code == 0


def test_for_a_streamer_the_owners_terms_ask_for_a_category_of_their_own(acts: dict[str, Outcome]) -> None:
    asked = acts["for a streamer"]

    left = {one["rule"]: one for one in asked.asset()["findings"] if one["severity"] != "info" and not one["allowed_by"]}
    assert (asked.code, sorted(left)) == (11, ["ai-marks-despite-terms", "altered-original"])
    assert {one["route"] for one in left.values()} == {"escalate"}
    assert all("P1" in one["principle"] for one in left.values())
    assert asked.rules["approval-contradicted"] == "info"
    assert acts["for a streamer, in both categories"].code == 0


def test_after_the_last_day_it_blocks_again(acts: dict[str, Outcome]) -> None:
    late = acts["the last day is over"]

    assert (late.code, late.rules["ai-declared"]) == (11, "high")
    assert "approval-lapsed" in late.rules


def test_the_other_altered_still_blocks_without_any_mark_until_its_print_is_back(acts: dict[str, Outcome]) -> None:
    other, replaced = acts["the gate"].asset(OTHER_STILL), acts["the letter"].asset(OTHER_STILL)

    assert (other["verdict"], other["marks"]) == ("blocked", [])
    assert [finding["rule"] for finding in other["findings"]] == ["altered-original"]
    assert other["matches"][0]["reference_name"] == "licensed/vera_and_sister_1958.jpg"
    assert (replaced["verdict"], replaced["findings"]) == ("pass", [])
