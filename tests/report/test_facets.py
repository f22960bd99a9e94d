from __future__ import annotations

import re

from scanner.report.facets import ANY_CONCERN, ANY_GENERATIVE, NOT_JUDGED, facets_of
from tests.report.approved import approved
from tests.report.scans import blocked, hostile


def facets(scan):
    return facets_of(list(enumerate(scan.assets)))


def words_of(scan, index):
    found = facets(scan)
    by_token = {choice.token: choice.words for facet in found.questions for choice in facet.choices}
    return {by_token[token] for token in found.tokens[index].split()}


def choices(scan, name):
    return [choice.words for facet in facets(scan).questions if facet.name == name for choice in facet.choices]


def test_an_asset_answers_each_question_in_the_words_of_the_report():
    assert words_of(blocked(), 0) == {
        ANY_CONCERN,
        "blocked",
        "final",
        ANY_GENERATIVE,
        "generated",
        "none",
        "extension-differs",
        "ai-mark-in-final",
        "tiff",
    }


def test_only_answers_that_an_asset_gives_are_offered_worst_first():
    assert choices(blocked(), "verdict") == [ANY_CONCERN, "blocked", "incomplete", "review", "pass", NOT_JUDGED]
    assert choices(blocked(), "zone") == ["final", "archival", "temporary", "unassigned"]
    assert choices(blocked(), "approval") == []
    assert choices(approved(), "approval") == ["allowed", "carried over, to confirm", "lapsed"]


def test_what_is_not_judged_is_no_pass():
    subtitles = next(index for index, record in enumerate(blocked().assets) if record.format.name == "srt")
    assert NOT_JUDGED in words_of(blocked(), subtitles)
    assert "pass" not in words_of(blocked(), subtitles)


def test_tokens_hold_no_text_of_a_file():
    found = facets(hostile())
    assert all(re.fullmatch(r"[a-z]\d+( [a-z]\d+)*", tokens) for tokens in found.tokens.values())


def test_no_assets_ask_no_questions():
    assert facets_of([]).questions == ()
