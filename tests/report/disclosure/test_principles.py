from __future__ import annotations

from scanner.report.disclosure.principles import questions
from tests.report.disclosure.disclosed import P1, P4, P5, delivery, disclosed


def test_each_principle_is_asked_with_what_was_found():
    first, fourth, fifth = questions(disclosed(*delivery()), (P1, P4, P5))
    assert (first.id, first.text, first.found, first.escalates) == ("P1", P1.text, "1 asset to escalate", True)
    assert fourth.found == "2 assets to escalate, 1 asset with an approval on record, 2 assets to tell of"
    assert (fifth.found, fifth.escalates) == ("", False)


def test_principles_that_only_findings_name_are_asked_without_their_text():
    assert [(one.id, one.text) for one in questions(disclosed(*delivery()), ())] == [("P1", ""), ("P4", "")]


def test_no_principle_is_no_question():
    assert questions(disclosed(), ()) == ()
