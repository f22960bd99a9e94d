"""Decisions that nobody made: by other pages, by half a form, in somebody else's name, about what was not seen."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.hostile.review_place import Place, place, scanned
from tests.review.asking import HOST, Answered

pytest.importorskip("starlette", reason="the extra 'review' is not installed")

from scanner.review.access import SESSIONS_LIMIT
from scanner.review.identity import Identity
from tests.hostile.room_pages import FORM, Asker

__all__ = ["place", "scanned"]

REJECTION = {"statement": "no release form", "decider": "Vera Okafor, legal", "date": "2026-02-28"}
APPROVAL = {
    "approver": "Dana Reyes, Netflix",
    "reference": "NFLX-2231",
    "category": "creative-output",
    "use": "background plate",
    "date": "2026-02-27",
}
Header = tuple[str, str]


def address(place: Place, path: str = "temp/idea.png", kind: str = "reject") -> str:
    row = place.asker.pages.state.room.reports[1].catalogue.row_at(0, path)
    assert row is not None
    return f"/scans/2/assets/{row}/decide?kind={kind}"


def hidden(answer: Answered) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(seen|submission)" value="([^"]*)"', answer.text))


def whole(place: Place, kind: str = "reject", **changed: str) -> dict[str, str]:
    """What a browser sends of a form that was just opened."""
    given = hidden(place.asker.get(address(place, kind=kind)))
    assert given.keys() == {"seen", "submission"}
    return {"secret": place.asker.secret} | (APPROVAL if kind == "approve" else REJECTION) | given | changed


def send(
    place: Place, fields: dict[str, str] | list[Header], kind: str = "reject", headers: list[Header] | None = None
) -> Answered:
    asker = place.asker
    body = urlencode(fields).encode()
    return asker.raw("POST", address(place, kind=kind), asker.form_headers() if headers is None else headers, body)


@pytest.fixture
def other(place: Place) -> Iterator[Asker]:
    """Somebody else who was let in."""
    yield from entered(place, Identity("mallory"))


def entered(place: Place, identity: Identity, *headers: Header) -> Iterator[Asker]:
    one = Asker(place.asker.pages, identity).enter(*headers)
    yield one
    one.close()


def parts(place: Place, other: Asker) -> dict[str, list[str]]:
    """Of each part of a request what is right, then what is not; "-" leaves it out."""
    name, _, session = place.asker.cookie.partition("=")
    return {
        "cookie": [
            place.asker.cookie,
            "-",
            other.cookie,
            f"{name}={session[:-1]}",
            f"{name}={session}x",
            f"other={session}",
            f"{name}=",
        ],
        "secret": [place.asker.secret, "-", other.secret, session, "", place.asker.secret.lower(), place.asker.secret[:-1]],
        "origin": [
            f"http://{HOST}",
            "-",
            "null",
            "http://evil.invalid",
            f"http://{HOST}.evil.invalid",
            "http://127.0.0.1:8001",
            f"//{HOST}",
        ],
        "host": [HOST, "-", "evil.invalid", "evil.invalid:8000", "127.0.0.1", f"{HOST}@evil.invalid", "[::1]:8000"],
        "sec-fetch-site": ["same-origin", "cross-site", "same-site", "none", "x"],
        "content-type": [FORM, "-", "text/plain", "application/json", "multipart/form-data; boundary=a", f"text/plain; {FORM}"],
        "method": ["POST", "GET", "HEAD", "PUT", "post"],
    }


def ask_with(place: Place, chosen: dict[str, str]) -> Answered:
    fields = whole(place) | {"secret": chosen["secret"]}
    if chosen["secret"] == "-":
        del fields["secret"]
    headers = [(name, value) for name, value in chosen.items() if name not in ("secret", "method") and value != "-"]
    body = urlencode(fields).encode()
    target = address(place) + (f"&{body.decode()}" if chosen["method"] in ("GET", "HEAD") else "")
    return place.asker.raw(chosen["method"], target, headers, body)


def test_a_request_with_any_one_or_two_parts_wrong_decides_nothing(place: Place, other: Asker) -> None:
    choices = parts(place, other)
    right = {name: values[0] for name, values in choices.items()}
    wrong = [{one: value} for one in choices for value in choices[one][1:]]
    wrong += [
        {one: first, another: second}
        for one, another in itertools.combinations(choices, 2)
        for first in choices[one][1:3]
        for second in choices[another][1:3]
    ]
    # Cookie and secret of somebody else are a session of theirs.
    wrong.remove({"cookie": other.cookie, "secret": other.secret})
    before = place.entries()
    for changed in wrong:
        answer = ask_with(place, right | changed)
        place.check(answer)
        assert answer.status != 303, changed
        assert answer.status in (200, 403, 405, 415, 421), (changed, answer)
        assert "set-cookie" not in answer.headers
    assert place.entries() == before
    assert ask_with(place, right).status == 303
    assert len(place.entries()) == len(before) + 1


def test_a_session_that_ended_decides_nothing(place: Place, other: Asker) -> None:
    fields, before = whole(place) | {"secret": other.secret}, place.entries()
    for _ in range(SESSIONS_LIMIT):
        other.raw("GET", f"/enter?token={'t' * 32}", [("host", HOST)])
    answer = other.raw("POST", address(place), other.form_headers(), urlencode(fields).encode())
    assert (answer.status, place.entries()) == (403, before)


def test_fields_name_neither_recorder_nor_content_nor_time(place: Place) -> None:
    claims = dict.fromkeys(("recorder", "recorded", "content", "digest", "path", "user", "x-remote-user"), "mallory")
    assert send(place, whole(place, **claims)).status == 303
    kind, payload = place.entries()[-1]
    told = json.loads(payload)
    assert (kind, told["recorder"]) == ("rejection", "rosa")
    assert "mallory" not in payload


SPOOFED = ["x-remote-user", "remote-user", "x-forwarded-user", "x_remote_user", "authorization", "x-user", "forwarded"]


def test_headers_name_nobody_without_a_proxy(place: Place) -> None:
    headers = [*place.asker.form_headers(), *((name, "mallory") for name in SPOOFED)]
    assert send(place, whole(place), headers=headers).status == 303
    assert json.loads(place.entries()[-1][1])["recorder"] == "rosa"


@pytest.mark.parametrize(
    ("given", "recorder"),
    [
        ([("x-remote-user", "dana")], "dana"),
        ([("x-remote-user", "dana"), ("x_remote_user", "mallory"), ("remote-user", "mallory")], "dana"),
        ([("x-remote-user", "mallory"), ("x-remote-user", "dana")], ""),
        ([("x-remote-user", "")], ""),
        ([("x-remote-user", "da\u00adna")], ""),
        ([("x-remote-user", "dana\tmallory")], ""),
        ([("remote-user", "mallory")], ""),
        ([], ""),
    ],
)
def test_the_proxys_header_alone_names_who_records(place: Place, given: list[Header], recorder: str) -> None:
    before = place.entries()
    for asker in entered(place, Identity("root", "x-remote-user"), ("x-remote-user", "dana")):
        fields = whole(place) | {"secret": asker.secret, "recorder": "mallory"}
        answer = asker.raw("POST", address(place), [*asker.form_headers(), *given], urlencode(fields).encode())
    after = place.entries()[len(before) :]
    assert [json.loads(payload)["recorder"] for _, payload in after] == ([recorder] if recorder else [])
    assert answer.status == (303 if recorder else 403)


@pytest.mark.parametrize("name", ["secret", "seen", "submission", "statement", "date", "decider"])
@pytest.mark.parametrize("first", [False, True])
def test_a_field_that_comes_twice_is_read_in_one_way(place: Place, name: str, first: bool) -> None:
    """Of two values one counts, and what was checked is what is recorded."""
    fields, before = whole(place), place.entries()
    odd = {"secret": "x", "seen": "999", "submission": "x", "statement": "\x1b", "date": "never", "decider": ""}[name]
    pairs = [(name, odd), *fields.items()] if first else [*fields.items(), (name, odd)]
    answer = send(place, pairs)
    after = place.entries()[len(before) :]
    assert len(after) == (answer.status == 303)
    if after:
        told = json.loads(after[0][1])
        assert {"statement": told["statement"], "date": told["date"], "decider": told["decider"]} == REJECTION
        assert (told["submission"], told["recorder"]) == (fields["submission"], "rosa")


@pytest.mark.parametrize(
    ("recorder", "approver"),
    [
        ("rosa", "rosa"),
        ("rosa", " ROSA "),
        ("rosa", "ro\u200bsa"),
        ("rosa", "\uff52\uff4f\uff53\uff41"),
        ("Dana Reyes", "Dana  Reyes"),
        ("Dana Reyes", "dana\r\nreyes"),
        ("Dana Reyes", "Dana\u00a0Reyes"),
        ("Zo\u00eb", "Zoe\u0308"),
    ],
)
def test_nobody_approves_what_they_write_down(place: Place, recorder: str, approver: str) -> None:
    before = place.entries()
    for asker in entered(place, Identity(recorder)):
        fields = whole(place, "approve", approver=approver) | {"secret": asker.secret}
        answer = asker.raw("POST", address(place, kind="approve"), asker.form_headers(), urlencode(fields).encode())
    assert (answer.status, place.entries()) == (422, before)


def test_an_approval_by_somebody_else_is_recorded(place: Place) -> None:
    assert send(place, whole(place, "approve"), "approve").status == 303
    kind, payload = place.entries()[-1]
    assert (kind, json.loads(payload)["approver"]) == ("approval", APPROVAL["approver"])


@pytest.mark.parametrize("seen", ["", "-1", "1e9", "0x1", "\uff11", "1 ", "99999999999", "9" * 5000, "999999", "None"])
def test_nobody_has_seen_what_is_not_in_the_log(place: Place, seen: str) -> None:
    fields, before = whole(place, seen=seen), place.entries()
    assert send(place, fields).status == 422
    assert place.entries() == before


def test_what_was_not_seen_is_not_overtaken(place: Place) -> None:
    stale = whole(place)
    assert send(place, whole(place)).status == 303
    before = place.entries()
    assert send(place, stale).status == 409
    assert place.entries() == before


@pytest.mark.parametrize(
    "submission", ["", "x", "x" * 65, "x" * 100_000, "a b" * 8, "\0" * 20, "../../../../../../x", "\u00e9" * 20]
)
def test_a_form_has_one_of_our_numbers(place: Place, submission: str) -> None:
    fields, before = whole(place, submission=submission), place.entries()
    assert send(place, fields).status == 422
    assert place.entries() == before


def test_a_form_that_is_sent_again_is_recorded_once_whatever_it_says_now(place: Place) -> None:
    fields, before = whole(place), place.entries()
    assert send(place, fields).status == 303
    assert send(place, fields).status == 303
    assert send(place, fields | {"statement": "something else", "seen": "0"}).status == 303
    assert len(place.entries()) == len(before) + 1


def test_withdrawing_keeps_to_what_is_in_the_log(place: Place) -> None:
    assert send(place, whole(place)).status == 303
    identity = re.findall(r'name="id" value="([0-9a-f]+)"', place.asker.get("/decisions").text)[0]
    before = place.entries()
    for odd in ("", "0" * 16, identity[:-1], identity + "0", identity.upper() + " ", "' OR 1=1 --", "%", "x" * 100_000):
        answer = place.asker.post("/decisions/withdraw", {"id": odd, "reason": "a mistake"})
        place.check(answer)
        assert answer.status == 409, odd
    for reason in ("", "\x1b[2J", "x" * 2001, "\0"):
        answer = place.asker.post("/decisions/withdraw", {"id": identity, "reason": reason})
        place.check(answer)
        assert answer.status == 422, reason
    assert place.asker.get(f"/decisions/withdraw?id={identity}&reason=x&secret={place.asker.secret}").status == 405
    assert place.entries() == before
    long = {"id": identity, "reason": "a mistake", "submission": "x" * 100_000, "recorder": "mallory", "recorded": "1970"}
    assert [place.asker.post("/decisions/withdraw", long).status for _ in range(2)] == [303, 303]
    assert len(place.entries()) == len(before) + 1
    payload = place.entries()[-1][1]
    assert len(payload) < 1000 and "mallory" not in payload
