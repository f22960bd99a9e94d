"""How approvals are named in findings."""

from scanner.judge.approval_words import by, named
from scanner.judge.examples import approval


def test_who_and_under_which_reference():
    assert named(approval()) == "for creative-output by Dana Reyes, Netflix (NFLX-2231)"


def test_hostile_words_are_one_short_line():
    told = by(approval(approver="a\x1b[2J\n" + "b" * 500, reference="\u202ex"))

    assert told.isprintable()
    assert "\\x1b" in told
    assert len(told) < 200
