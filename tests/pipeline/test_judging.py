from dataclasses import replace

import pytest

from scanner.crawl.zones import UNASSIGNED, ZoneMap
from scanner.judge.policy import load_packaged
from scanner.judge.rule import ALONE, Example
from scanner.judge.rules.registry import RULES
from scanner.judge.subject import Copy, Surroundings
from scanner.model.assets import Asset, ContentHash, Crawl, FileEntry
from scanner.model.formats import Format, MediaKind
from scanner.model.judging import Verdict, Zone
from scanner.model.marks import Confidence, Mark, Meaning, Provenance
from scanner.model.readings import ReadingSummary
from scanner.model.work import Examination
from scanner.pipeline import judging
from scanner.pipeline.gather import gather
from scanner.pipeline.judging import Evidence, Judging
from scanner.pipeline.plan import Plan

JPEG = Format("jpeg", "JPEG", MediaKind.STILL, "image/jpeg", ("jpg",), picture=True)
READ = (ReadingSummary("exiftool", "not-found", None),)
MARK = Mark("iptc-source-type", Meaning.GENERATED, Confidence.DEFINITIVE, "", "XMP-iptcExt:DigitalSourceType", "", "exiftool", "")
EXAMPLES = [example for rule in RULES for example in rule.EXAMPLES if isinstance(example, Example)]


@pytest.fixture
def asked(monkeypatch):
    """Paths of the assets that were really judged."""
    paths = []
    judge = judging.judge_asset

    def judge_asset(subject, *means):
        paths.append(subject.path)
        return judge(subject, *means)

    monkeypatch.setattr(judging, "judge_asset", judge_asset)
    return paths


def photograph(number, **other):
    examination = Examination(number, JPEG, ContentHash("sha256", f"{number:064x}", "computed"), READ, **other)
    path = f"{number}.jpg"
    return gather(Asset(0, path, (FileEntry(path, 7),), UNASSIGNED), [examination], [])


def judged(*gathered, around=ALONE):
    evidence = Evidence({}, {}, lambda asset: None, {}, None)
    one = Judging(load_packaged(), around, evidence, fingerprints=False)
    one.judge(gathered)
    return one


def test_photographs_that_differ_in_their_camera_facts_are_judged_once(asked):
    records = judged(*(photograph(at, camera=f"Canon {at}", exposure=f"1/{at} s") for at in range(1, 9))).records
    assert asked == ["1.jpg"]
    assert [record.verdict for record in records] == [Verdict.PASS] * 8
    assert [record.camera for record in records] == [f"Canon {at}" for at in range(1, 9)]


def test_what_bears_a_mark_is_judged_by_its_camera_facts_too(asked):
    records = judged(
        *(photograph(at, marks=(MARK,), camera="Canon R5", exposure="1/250 s" * (at % 2)) for at in range(4))
    ).records
    assert len(asked) == 4
    contradicting = [any(one.rule == "origin-contradiction" for one in record.findings) for record in records]
    assert contradicting == [False, True, False, True]


def test_a_copy_is_judged_by_itself(asked):
    places = tuple(Copy(0, f"{at}.jpg", Zone.UNASSIGNED, Provenance.NO_MARKS) for at in (2, 9))
    judged(*map(photograph, range(4)), around=Surroundings(copies={f"{2:064x}": places}))
    assert asked == ["0.jpg", "2.jpg"]


@pytest.mark.parametrize("example", [one for one in EXAMPLES if not one.subject.marks], ids=lambda one: one.story)
def test_without_marks_no_rule_looks_at_camera_facts(example):
    def seen(subject):
        return [list(rule.observe(subject, example.surroundings)) for rule in RULES]

    assert seen(replace(example.subject, camera="", exposure="")) == seen(
        replace(example.subject, camera="Canon R5", exposure="1/250 s")
    )


def test_coverage_counts_those_that_are_alike_and_those_that_are_not(monkeypatch):
    monkeypatch.setattr("scanner.tools.alike.ByIdentity.is_full", True)
    failed = (ReadingSummary("exiftool", "failed", "cut short"),)
    gathered = [photograph(at) if at % 3 else replace(photograph(at), readings=failed) for at in range(9)]
    coverage = judged(*gathered).coverage(Plan(("/drive",), (Crawl((), (), (), 0),), (), ZoneMap()), 0)
    assert (coverage.by_format, coverage.readings_lost, coverage.pictures) == ((("jpeg", 9),), (("cut short", 3),), 9)
