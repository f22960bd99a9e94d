"""What several people record at once: one of them is recorded, the others are shown it, nothing is doubled."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.model.approved import decision_of
from scanner.model.decisions import DecisionKind
from scanner.model.errors import UsageError
from scanner.store.approval_deciding import decide_once, last_about, withdraw_once
from scanner.store.approval_log import open_approval_log
from tests.store.approvals import MOMENT, made_approval
from tests.store.decisions import made_decision
from tests.store.processes import child

LATER = "2026-03-01T00:00:00Z"
REJECTION = made_decision(DecisionKind.REJECTION, 1)
CONTENT = REJECTION.decision.content
AT_ONCE = """
    import sys
    from dataclasses import replace
    from scanner.model.decisions import DecisionKind
    from scanner.store.approval_deciding import decide_once
    from scanner.store.approval_log import open_approval_log
    from tests.store.decisions import made_decision

    place, number, submission = sys.argv[1:]
    wanted = made_decision(DecisionKind.REJECTION, 1)
    wanted = replace(wanted, decision=replace(wanted.decision, recorder=number))
    print("ready", flush=True)
    log = open_approval_log(place, create=True)
    outcome = decide_once(log, wanted, 0, submission, "2026-03-01T00:00:00Z", "log")
    told = "repeated" if outcome.repeated else "recorded" if outcome.recorded else "shown"
    print(told, *(one.decision.recorder for one in outcome.between), flush=True)
"""


@pytest.fixture
def log(tmp_path):
    opened = open_approval_log(str(tmp_path / "approvals.sqlite"), create=True)
    yield opened
    opened.close()


def test_the_last_entry_about_a_content(log):
    assert last_about(log.entries(), CONTENT) == 0
    decide_once(log, REJECTION, 0, "one", MOMENT, "log")
    decide_once(log, made_approval(2), 0, "two", MOMENT, "log")
    first = log.entries()[0]
    assert last_about(log.entries(), CONTENT) == 1
    withdraw_once(log, first.id, "joel", "a mistake", "three", LATER, "log")
    assert last_about(log.entries(), CONTENT) == 3
    assert last_about(log.entries(), made_approval(2).approval.content) == 2


def test_what_was_decided_meanwhile_is_shown_and_not_overtaken(log):
    decide_once(log, REJECTION, 0, "one", MOMENT, "log")

    outcome = decide_once(log, made_approval(1), 0, "two", LATER, "log")

    assert (outcome.recorded, [one.decision.statement for one in outcome.between]) == (None, ["no release form"])
    assert len(log.entries()) == 1
    assert decide_once(log, made_approval(1), 1, "two", LATER, "log").recorded is not None


def test_what_was_withdrawn_meanwhile_is_shown(log):
    decide_once(log, REJECTION, 0, "one", MOMENT, "log")
    withdraw_once(log, log.entries()[0].id, "joel", "a mistake", "x", LATER, "log")

    outcome = decide_once(log, made_approval(1), 1, "two", LATER, "log")

    assert [one.decision.withdrawn for one in outcome.between] == [LATER]


def test_the_same_form_again_is_what_it_was(log):
    first = decide_once(log, REJECTION, 0, "one", MOMENT, "log")
    decide_once(log, made_approval(1), 1, "two", MOMENT, "log")

    again = decide_once(log, REJECTION, 0, "one", LATER, "log")

    assert again.repeated
    assert again.recorded == first.recorded
    assert len(log.entries()) == 2


def test_superseding_content_that_nobody_approved_is_refused(log):
    one = made_approval(1)

    with pytest.raises(UsageError, match="no approval of the log is about the superseded content"):
        decide_once(log, replace(one, approval=replace(one.approval, supersedes="f" * 64)), 0, "one", MOMENT, "log")
    assert log.entries() == ()


def test_a_withdrawal_names_a_decision_whole_and_is_recorded_once(log):
    decide_once(log, REJECTION, 0, "one", MOMENT, "log")
    identity = log.entries()[0].id
    for wrong in ("", identity[:8], "0" * 16):
        with pytest.raises(UsageError, match="no decision has this id"):
            withdraw_once(log, wrong, "joel", "x", "two", LATER, "log")

    gone = withdraw_once(log, identity, "joel", "x", "two", LATER, "log")
    assert withdraw_once(log, identity, "joel", "again", "three", LATER, "log") == gone
    assert [entry.kind for entry in log.entries()] == ["rejection", "withdrawal"]


@pytest.mark.parametrize("same_form", [False, True])
def test_processes_at_once(tmp_path, same_form):
    place = tmp_path / "approvals.sqlite"
    started = [child(AT_ONCE, place, f"p{number}", "form" if same_form else f"form {number}") for number in range(4)]
    told = [process.communicate(timeout=60)[0].split()[1:] for process in started]

    log = open_approval_log(str(place), create=False)
    (entry,) = log.entries()
    log.close()
    recorder = entry.read()["recorder"]
    others = ["repeated"] if same_form else ["shown", recorder]
    assert sorted(told) == sorted([["recorded"], others, others, others])
    assert decision_of(REJECTION).content == entry.read()["content"]
