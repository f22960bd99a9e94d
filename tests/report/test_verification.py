from __future__ import annotations

import json

import pytest

from scanner.model.verification import (
    Change,
    Comparison,
    Depth,
    Difference,
    Outcome,
    SignatureCheck,
    Verification,
)
from scanner.report.columns import width_of
from scanner.report.verification import EXIT_CODES, verification_json, verification_text
from tests.report.parts import HOSTILE


def comparison(*differences: Difference, depth: Depth = Depth.TOUCHED, **more) -> Comparison:
    counts = {"same_by_bytes": 0, "same_by_stat": 40_112, "unhashed": 1, "touched": 0}
    return Comparison(roots=("/Volumes/DRIVE_07",), depth=depth, differences=differences, **{**counts, **more})


def verification(compared: Comparison | None = None, **more) -> Verification:
    plain = {"complete": True, "seal": "3f" * 32, "seal_holds": True, "comparison": compared}
    return Verification("reports/scan.json", "DRIVE_07", "2026-11-20T18:04:10Z", **{**plain, **more})


CHANGED = Difference(Change.CHANGED, 0, "final/a.jpg", "204,800 bytes, 204,801 when scanned")
MOVED = Difference(Change.MOVED, 0, "final/B.jpg", "only the spelling of its name differs", "final/b.jpg")
LOST = Difference(Change.UNREADABLE, 0, "final/c.jpg", "cannot be read: permission denied")
SIGNED = SignatureCheck("scan.json.sig", "pub.pem", True)


@pytest.mark.parametrize(
    ("made", "outcome", "code"),
    [
        (verification(), Outcome.SAME, 0),
        (verification(comparison()), Outcome.SAME, 0),
        (verification(comparison(), signature=SIGNED), Outcome.SAME, 0),
        (verification(seal_holds=False), Outcome.DIFFERS, 10),
        (verification(comparison(CHANGED)), Outcome.DIFFERS, 10),
        (verification(signature=SignatureCheck("a", "b", False)), Outcome.DIFFERS, 10),
        (verification(comparison(LOST)), Outcome.INCOMPLETE, 4),
        (verification(comparison(CHANGED, LOST), seal_holds=False), Outcome.INCOMPLETE, 4),
        (verification(comparison(Difference(Change.UNSETTLED, 0, "a"))), Outcome.INCOMPLETE, 4),
        (verification(comparison(unlisted=((0, "final", "permission denied"),))), Outcome.INCOMPLETE, 4),
    ],
)
def test_outcome_and_exit_code(made, outcome, code):
    assert made.outcome is outcome
    assert EXIT_CODES[outcome] == code
    assert json.loads(verification_json(made))["exit_code"] == code
    assert verification_text(made).startswith(outcome.value.upper())


def test_screen():
    made = verification(comparison(CHANGED, MOVED), signature=SIGNED)
    assert verification_text(made) == (
        "DIFFERS    DRIVE_07, scanned 2026-11-20 18:04 UTC\n"
        "Report     as it was written (seal 3f3f3f3f3f3f3f3…)\n"
        "Signature  holds for the key pub.pem\n"
        "Delivery   /Volumes/DRIVE_07\n"
        "           1 changed · 1 moved\n"
        "CHANGED    final/a.jpg  204,800 bytes, 204,801 when scanned\n"
        "MOVED      final/B.jpg  was final/b.jpg; only the spelling of its name differs\n"
        "Compared   40,112 files by size and time\n"
        "Note       size and time do not show a change that kept both; --hash reads every\n"
        "           file\n"
    )


def test_a_broken_seal_and_signature_are_said_loudly():
    text = verification_text(verification(seal_holds=False, signature=SignatureCheck("a", "b", False)))
    assert "CHANGED since it was written" in text
    assert "does NOT hold" in text


def test_many_files_are_counted_and_all_stand_in_the_json():
    many = [Difference(Change.ADDED, 0, f"{number:03}.jpg") for number in range(90)]
    made = verification(comparison(*many))
    assert "and 70 more" in verification_text(made)
    assert len(json.loads(verification_json(made))["delivery"]["differences"]) == 90


def test_files_that_the_scan_did_not_hash_are_said():
    assert "1 file by size and time only" in verification_text(verification(comparison(depth=Depth.HASH)))


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_nothing_hostile_reaches_the_terminal_and_lines_fit(width):
    bad = Difference(Change.MOVED, 0, HOSTILE, HOSTILE, HOSTILE)
    compared = Comparison((HOSTILE,), Depth.STAT, 0, 0, 0, 0, (bad,), ((0, HOSTILE, HOSTILE),))
    made = Verification(HOSTILE, HOSTILE, HOSTILE, False, HOSTILE, True, SignatureCheck(HOSTILE, HOSTILE, False), compared)
    lines = verification_text(made, width).splitlines()
    assert all(line.isprintable() for line in lines)
    assert max(width_of(line) for line in lines) <= max(width, 30)
    json.loads(verification_json(made).encode("utf-8"))


def test_paths_stand_in_the_json_as_in_the_report():
    made = verification(comparison(Difference(Change.MOVED, 0, "\udcff.jpg", "", "b\\.jpg")))
    difference = json.loads(verification_json(made))["delivery"]["differences"][0]
    assert (difference["path"], difference["path_escaped"], difference["was"]) == ("\\xff.jpg", True, "b\\.jpg")
