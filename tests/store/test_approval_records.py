"""Recording, importing, revoking: all or nothing, and never twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.model.errors import UsageError
from scanner.store.approval_entries import approvals_of
from scanner.store.approval_exchange import Carried
from scanner.store.approval_log import open_approval_log
from scanner.store.approval_records import find, import_approvals, record, revoke
from tests.store.approvals import MOMENT, made_approval

LATER = "2026-03-01T12:00:00Z"


@pytest.fixture
def log(tmp_path):
    opened = open_approval_log(str(tmp_path / "approvals.sqlite"), create=True)
    yield opened
    opened.close()


def held(log):
    return approvals_of(log.entries(), "log")


def carried(*numbers, **more):
    return [
        Carried(made_approval(number, recorded="2025-12-01T00:00:00Z", id=f"{number:016}", **more), number) for number in numbers
    ]


def test_what_is_recorded_has_an_id_and_a_time(log):
    done = record(log, [made_approval(1), made_approval(2)], MOMENT, "log")

    assert done.known == ()
    assert [one.approval.recorded for one in done.new] == [MOMENT] * 2
    assert done.new == held(log)


def test_the_same_permission_is_recorded_once(log):
    (first,) = record(log, [made_approval(1)], MOMENT, "log").new

    done = record(log, [made_approval(1), made_approval(2)], LATER, "log")

    assert done.known == (first,)
    assert [one.approval.reference for one in done.new] == ["NFLX-2"]


def test_a_revoked_permission_can_be_given_again(log):
    (first,) = record(log, [made_approval(1)], MOMENT, "log").new
    revoke(log, first.approval.id, "ines", "taken back", LATER, "log")

    (again,) = record(log, [made_approval(1)], LATER, "log").new

    assert [one.approval.revoked for one in held(log)] == [LATER, ""]
    assert again.approval.id != first.approval.id


def test_superseding_content_that_nobody_approved_records_nothing(log):
    record(log, [made_approval(1)], MOMENT, "log")
    wanted = [made_approval(2), made_approval(3, supersedes="f" * 64)]

    with pytest.raises(UsageError, match="no approval of the log is about the superseded content ffff"):
        record(log, wanted, MOMENT, "log")
    assert len(held(log)) == 1
    assert record(log, [made_approval(2, supersedes=made_approval(1).approval.content)], MOMENT, "log").new


def test_revoking(log):
    new = record(log, [made_approval(number) for number in range(20)], MOMENT, "log").new

    one = revoke(log, new[7].approval.id[:12].upper(), "joel", "taken back", LATER, "log")

    assert (one.approval.id, one.approval.revoked) == (new[7].approval.id, LATER)
    assert [bool(each.approval.revoked) for each in held(log)].count(True) == 1
    assert log.entries()[-1].read() == {"reason": "taken back", "recorder": "joel", "revokes": 8}
    with pytest.raises(UsageError, match="revoked already, on 2026-03-01"):
        revoke(log, one.approval.id, "joel", "again", LATER, "log")
    assert len(log.entries()) == 21


def test_an_id_that_is_none_or_several(log):
    new = record(log, [made_approval(number) for number in range(40)], MOMENT, "log").new
    first = new[0].approval.id[0]

    with pytest.raises(UsageError, match="no approval has this id"):
        find(new, "zz")
    with pytest.raises(UsageError, match="no approval has this id"):
        find(new, "")
    with pytest.raises(UsageError, match="several ids begin so"):
        find([*new, *new], first)


def test_an_import_keeps_the_permission_and_says_where_it_came_from(log):
    done = import_approvals(log, carried(1), "joel", "old.csv", MOMENT, "log")

    (one,) = done.new
    assert (one.approval.approver, one.approval.recorder, one.approval.recorded) == ("Dana Reyes, Netflix", "joel", MOMENT)
    assert one.imported_from == "old.csv, recorded there by ines on 2025-12-01T00:00:00Z, id 0000000000000001"
    assert one.fingerprints == made_approval(1).fingerprints


def test_importing_again_adds_nothing_and_tells_what_was_known(log):
    import_approvals(log, carried(1, 2), "joel", "old.csv", MOMENT, "log")

    done = import_approvals(log, carried(1, 2, 3, 3), "joel", "old.csv", LATER, "log")

    assert [one.approval.reference for one in done.new] == ["NFLX-3"]
    assert [one.approval.reference for one in done.known] == ["NFLX-1", "NFLX-2"]
    assert len(log.entries()) == 3


def test_an_import_brings_nothing_back_that_was_revoked_here(log):
    (one,) = record(log, [made_approval(1)], MOMENT, "log").new
    revoke(log, one.approval.id, "joel", "taken back", LATER, "log")

    assert import_approvals(log, carried(1), "joel", "old.csv", LATER, "log").new == ()
    assert [each.approval.revoked for each in held(log)] == [LATER]


def test_what_was_revoked_there_comes_as_revoked(log):
    record(log, [made_approval(9)], MOMENT, "log")
    gone = [replace(one, logged=replace(one.logged, approval=replace(one.logged.approval, revoked=MOMENT))) for one in carried(1)]

    done = import_approvals(log, [*carried(2), *gone, *carried(3)], "joel", "old.csv", LATER, "log")

    assert [(one.approval.reference, one.approval.revoked) for one in done.new] == [
        ("NFLX-2", ""),
        ("NFLX-1", LATER),
        ("NFLX-3", ""),
    ]
    assert held(log)[1:] == done.new
