"""Decisions of every kind in the log: what is written comes back, is withdrawn, carried, and overtaken by later ones."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from scanner.model.approved import Logged, decision_of, is_withdrawn
from scanner.model.decisions import DecisionKind
from scanner.model.errors import ApprovalLogError, UsageError
from scanner.model.stretches import Stretch
from scanner.store.approval_entries import decisions_of, kind_of, payload_of
from scanner.store.approval_exchange import read_approvals, to_csv, to_toml
from scanner.store.approval_fields import segment_field
from scanner.store.approval_log import open_approval_log
from scanner.store.approval_records import import_approvals, record, revoke
from tests.store.approvals import MOMENT, made_approval
from tests.store.decisions import made_decision
from tests.store.test_approval_entries import log_of

LATER = "2026-03-01T00:00:00Z"
PART = Stretch(Fraction(1001, 24), Fraction(44))
REJECTION, QUESTION, NOT_AI = DecisionKind.REJECTION, DecisionKind.QUESTION, DecisionKind.NOT_AI


def permit(number: int = 1, **more: object) -> Logged:
    one = made_approval(number)
    return replace(one, approval=replace(one.approval, **more))


EVERY: tuple[Logged, ...] = (
    permit(1),
    permit(1, segment=PART),
    made_decision(REJECTION, 2, reference="mail of 3 February"),
    made_decision(QUESTION, 3, statement="which tool made the sky?", addressee="Joel Brandt, VFX"),
    made_decision(NOT_AI, 4, segment=PART),
)


@pytest.fixture
def log(tmp_path):
    opened = open_approval_log(str(tmp_path / "approvals.sqlite"), create=True)
    yield opened
    opened.close()


def held(log) -> list[tuple[str, bool]]:
    return [(kind_of(one), is_withdrawn(decision_of(one))) for one in decisions_of(log.entries(), "log")]


def without_log(one: Logged) -> Logged:
    """Return a decision without what a log gives it."""
    if hasattr(one, "approval"):
        return replace(one, approval=replace(one.approval, id="", recorded="", recorder="", revoked=""), imported_from="")
    return replace(one, decision=replace(one.decision, id="", recorded="", recorder="", withdrawn=""), imported_from="")


def test_every_kind_comes_back_whole(log):
    new = record(log, EVERY, MOMENT, "log").new

    assert [without_log(one) for one in new] == [without_log(one) for one in EVERY]
    assert [entry.kind for entry in log.entries()] == ["approval", "segment-approval", "rejection", "question", "not-ai"]
    assert {decision_of(one).recorded for one in new} == {MOMENT}


def test_an_older_scanner_takes_no_approval_of_a_part_for_one_of_the_whole():
    # It knows the kinds "approval" and "revocation", and leaves all others alone.
    kinds = {kind_of(one) for one in EVERY[1:]}

    assert not kinds & {"approval", "revocation"}


@pytest.mark.parametrize("at", range(len(EVERY)))
def test_each_kind_is_withdrawn_once(log, at):
    new = record(log, EVERY, MOMENT, "log").new
    identity = decision_of(new[at]).id

    revoke(log, identity[:12], "joel", "a mistake", LATER, "log")

    assert [gone for _, gone in held(log)] == [place == at for place in range(len(EVERY))]
    assert log.entries()[-1].kind == ("withdrawal" if at else "revocation")
    with pytest.raises(UsageError, match="already, on 2026-03-01"):
        revoke(log, identity, "joel", "again", LATER, "log")


@pytest.mark.parametrize(("name", "write"), [("log.csv", to_csv), ("log.toml", to_toml)])
def test_carried_to_another_log_and_back_nothing_is_lost(log, tmp_path, name, write):
    record(log, EVERY, MOMENT, "log")
    revoke(log, decision_of(decisions_of(log.entries(), "log")[3]).id, "joel", "answered by phone", LATER, "log")
    (tmp_path / name).write_text(write(decisions_of(log.entries(), "log")), newline="")
    other = open_approval_log(str(tmp_path / "other.sqlite"), create=True)

    done = import_approvals(other, read_approvals(str(tmp_path / name)), "joel", name, LATER, "other")

    assert [without_log(one) for one in decisions_of(other.entries(), "other")] == [without_log(one) for one in EVERY]
    assert held(other) == held(log)
    assert done.known == done.rejected == ()
    assert import_approvals(other, read_approvals(str(tmp_path / name)), "joel", name, LATER, "other").new == ()
    other.close()


def test_the_same_decision_is_recorded_once_until_something_else_was_decided(log):
    permission, rejection = permit(1), made_decision(REJECTION, 1)
    for one, added in ((permission, 1), (permission, 0), (rejection, 1), (rejection, 0), (permission, 1), (permission, 0)):
        assert len(record(log, [one], MOMENT, "log").new) == added

    assert [entry.kind for entry in log.entries()] == ["approval", "rejection", "approval"]


def test_an_imported_approval_does_not_overtake_a_rejection(log, tmp_path):
    (tmp_path / "old.csv").write_text(to_csv([permit(1), permit(2)]), newline="")
    record(log, [made_decision(REJECTION, 1)], MOMENT, "log")

    done = import_approvals(log, read_approvals(str(tmp_path / "old.csv")), "joel", "old.csv", LATER, "log")

    assert [decision_of(one).reference for one in done.new] == ["NFLX-2"]
    assert [decision_of(one).reference for one in done.rejected] == ["NFLX-1"]


def test_what_was_decided_in_turns_is_imported_in_turns(log, tmp_path):
    turns = [permit(1), made_decision(REJECTION, 1), permit(1)]
    (tmp_path / "turns.csv").write_text(to_csv(turns), newline="")

    import_approvals(log, read_approvals(str(tmp_path / "turns.csv")), "joel", "turns.csv", LATER, "log")

    assert [kind for kind, _ in held(log)] == ["approval", "rejection", "approval"]


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("rejection", {"content": "short"}),
        ("question", {"statement": 5}),
        ("not-ai", {"segment": ["4", "2"]}),
        ("not-ai", {"segment": ["0.5", "2"]}),
        ("not-ai", {"segment": "all"}),
        ("segment-approval", {}),
        ("approval", {"segment": ["1", "2"]}),
    ],
)
def test_a_payload_that_cannot_be_names_its_entry(kind, change):
    payload = payload_of(permit(1) if "approval" in kind else made_decision(NOT_AI, 1))

    with pytest.raises(ApprovalLogError, match=f"entry 1 is no {kind} that this scanner can read"):
        decisions_of(log_of((kind, {**payload, **change})), "log")


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("kind,rejektion", "kind is rejektion, not one of approval, rejection, question, not-ai"),
        ("statement,", "statement is empty"),
        ("approver,", "approver is empty"),
        ("segment,3", "a part of a film is two numbers of seconds"),
        ("segment,30 12.5", "ends at 12.5, not after its beginning at 30"),
    ],
)
def test_what_is_wrong_in_a_file_is_told(tmp_path, line, mistake):
    one = made_decision(REJECTION, 1)
    name, _, value = line.partition(",")
    header, row = to_csv([one]).splitlines()
    cells = dict(zip(header.split(","), row.replace('"Vera Okafor, legal"', "Vera").split(","), strict=True)) | {name: value}
    (tmp_path / "wrong.csv").write_text(f"{header}\n{','.join(cells.values())}\n")

    with pytest.raises(UsageError, match=mistake):
        read_approvals(str(tmp_path / "wrong.csv"))


@pytest.mark.parametrize(
    ("text", "part"), [("", None), ("12.5 30", Stretch(Fraction(25, 2), Fraction(30))), ("1001/24  44", PART)]
)
def test_a_part_of_a_film_is_two_numbers(text, part):
    assert segment_field(text) == part
