from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.judge.baseline import Baseline
from scanner.model.judging import Severity
from scanner.report.json_reading import read_report
from tests.report.parts import asset, finding
from tests.report.scans import passing
from tests.report.written import to_json

CONTENT, OTHER = "ab" * 32, "cd" * 32
FOUND = finding("ai-mark-in-final", "declares", Severity.MEDIUM, id="f1")


def baseline(*findings, digest=CONTENT, delivery=()) -> Baseline:
    record = asset("final/a.jpg", findings=findings, content_digest=digest)
    text = to_json(replace(passing(), assets=(record,), findings=delivery))
    return Baseline(read_report(text.encode(), "scan.json"))


def known(known_from: Baseline, one, digest=CONTENT) -> bool:
    return known_from.of_asset((one,), digest)[0].known


def test_the_same_finding_on_the_same_content_is_known():
    assert known(baseline(FOUND), FOUND)
    assert known(baseline(FOUND), replace(FOUND, message="said in other words"))


def test_another_finding_is_new():
    assert not known(baseline(FOUND), replace(FOUND, id="f2"))
    assert not known(baseline(), FOUND)


def test_changed_content_is_new():
    assert not known(baseline(FOUND), FOUND, OTHER)


@pytest.mark.parametrize(("then", "now"), [("", ""), (CONTENT, ""), ("", CONTENT)])
def test_content_that_cannot_be_told_is_new(then, now):
    assert not known(baseline(FOUND, digest=then), FOUND, now)


@pytest.mark.parametrize(
    ("then", "now", "is_known"),
    [
        ({"severity": Severity.INFO}, {}, False),
        ({"severity": Severity.HIGH}, {}, True),
        ({}, {"severity": Severity.HIGH}, False),
        ({"severity": Severity.HIGH, "coverage": True}, {"severity": Severity.HIGH}, False),
        ({"severity": Severity.INFO}, {"severity": Severity.INFO}, True),
        ({"allowed_by": "a1"}, {}, False),
        ({}, {"allowed_by": "a1"}, True),
    ],
)
def test_what_weighs_more_now_is_new(then, now, is_known):
    assert known(baseline(replace(FOUND, **then)), replace(FOUND, **now)) is is_known


def test_an_id_that_stands_twice_counts_as_what_weighs_less():
    assert not known(baseline(FOUND, replace(FOUND, severity=Severity.INFO)), FOUND)
    assert not known(baseline(replace(FOUND, severity=Severity.INFO), FOUND), FOUND)


def test_a_finding_on_the_delivery_is_known_while_it_says_the_same():
    whole = finding("pictures-not-compared", "12 pictures were not compared", Severity.MEDIUM)
    since = baseline(delivery=(whole,))
    assert since.of_delivery((whole,))[0].known
    assert not since.of_delivery((replace(whole, message="40 pictures were not compared"),))[0].known
    assert not known(since, whole)


def test_what_is_gone_is_counted_if_it_asked_for_a_verdict():
    since = baseline(FOUND, replace(FOUND, id="f2"), replace(FOUND, id="f3", severity=Severity.INFO))
    assert since.count_gone(()) == 2
    assert since.count_gone((FOUND,)) == 1
