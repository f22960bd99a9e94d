from __future__ import annotations

import re
from dataclasses import replace
from importlib import resources

import pytest

from scanner.model.credentials import Credentials
from scanner.model.judging import Verdict
from scanner.model.marks import Confidence, Meaning
from scanner.model.matching import Relation, Role
from scanner.report import sentences
from scanner.report.terminal import summary
from tests.report.laid_over import altered, derived, inset_copy
from tests.report.parts import asset, mark, match
from tests.report.scans import ALL, blocked
from tests.report.written import to_html, to_json

FORBIDDEN = re.compile(r"\b(clear|cleared|clean|authentic|tampered|certified|compliant|likeness)\b", re.IGNORECASE)
TOLD = [name for name in ALL if name != "hostile"]


@pytest.mark.parametrize("name", TOLD)
@pytest.mark.parametrize("report", [to_json, to_html, lambda scan: summary(scan, "r")], ids=["json", "html", "screen"])
def test_no_report_says_what_a_scan_cannot_know(name, report):
    assert not FORBIDDEN.search(report(ALL[name]()))


def test_no_template_says_it():
    for file in (resources.files("scanner.report") / "templates").iterdir():
        if file.name.endswith(".j2"):
            assert not FORBIDDEN.search(file.read_text("utf-8")), file.name


def test_no_sentence_says_it():
    said = [sentences.credentials_sentence(asset("a", credentials=state)) for state in Credentials]
    said += [sentences.declaration(mark(meaning=m, confidence=c, generator="X")) for m in Meaning for c in Confidence]
    said += [sentences.match_sentence(match(role, relation, "r", 3)) for role in Role for relation in Relation]
    said += [sentences.verdict_sentence(verdict) for verdict in Verdict]
    assert not [each for each in said if FORBIDDEN.search(each)]


@pytest.mark.parametrize(("count", "text"), [(0, "0 files"), (1, "1 file"), (1204, "1,204 files")])
def test_counts(count, text):
    assert sentences.counted(count, "file") == text


@pytest.mark.parametrize(
    ("fix", "review", "unread", "text"),
    [
        (3, 5, 0, "3 to fix, 5 to review"),
        (0, 5, 0, "nothing to fix, 5 to review"),
        (2, 0, 0, "2 to fix"),
        (0, 0, 0, "nothing to fix or to review"),
        (0, 0, 1, "nothing to fix or to review, 1 not read"),
    ],
)
def test_work_left(fix, review, unread, text):
    assert sentences.work_left(fix, review, unread) == text


def test_the_file_declares():
    assert sentences.declaration(mark(generator="Firefly")) == "the file declares AI generation, naming Firefly"
    weak = mark(confidence=Confidence.WEAK, where="sidecar a.xmp, XMP-dc:Title", frames="1-4")
    assert sentences.declaration(weak) == "sidecar a.xmp hints at AI generation (frames 1-4)"


def test_a_trusted_signer_is_told_with_list_and_date():
    trusted = next(each for each in blocked().assets if each.credentials is Credentials.TRUSTED)
    assert sentences.credentials_sentence(trusted).endswith("signer listed in C2PA trust list of 2026-08-13")
    assert "listed in" not in sentences.credentials_sentence(replace(trusted, credentials=Credentials.VALID))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((("fail-on", "blocked"),), "a verdict of review exits 0"),
        ((("--fail-on", "never"),), "a verdict of blocked or review exits 0"),
        ((("allow-incomplete", "yes"),), "a scan that is incomplete exits 0"),
    ],
)
def test_a_lowered_gate_is_said(options, said):
    [line] = sentences.lowered_gate(replace(blocked(), options=options))
    assert said in line


def test_a_gate_as_it_comes_is_not_remarked_on():
    assert sentences.lowered_gate(replace(blocked(), options=(("fail-on", "review"),))) == []


def test_a_missing_library_and_trust_list_are_said():
    scan = replace(blocked(), library=None, trust_lists=())
    assert sentences.not_done(scan)[-2:] == [
        "no reference library: pictures were compared within this delivery only",
        "no trust list: no signer was looked up",
    ]


def test_a_match_says_how_the_pictures_lie_and_what_differs():
    assert sentences.match_sentence(derived()) == (
        "is a crop of temp/board.png, a known AI temporary "
        "(mirrored, shows 39 % of it, 41 matching points, a lower third laid over it, local/1)"
    )
    assert sentences.match_sentence(altered()) == (
        "differs in 6 % of the area (upper right) from street.tif, an owned reference "
        "(41 matching points, a timecode laid over it, 8 bits differ, local/1)"
    )


def test_a_near_copy_without_a_hash_says_its_points():
    assert sentences.copy_sentence(inset_copy(), "temp/board.png") == (
        "contains temp/board.png, declared generated, zone temporary (fills 4 % of the picture, 34 matching points)"
    )
    assert sentences.copy_figures(replace(inset_copy(), alignment=None)) == "not measured"
