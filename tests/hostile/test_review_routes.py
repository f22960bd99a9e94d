"""Every address of the review room asked in every way, over a real delivery and a real log: what stays true of all answers."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.review_place import Place, place, scanned
from tests.hostile.test_review_room import EXTREMES
from tests.review.asking import Answered

pytest.importorskip("starlette", reason="the extra 'review' is not installed")

from scanner.review.app import make_app
from scanner.review.room import Room

__all__ = ["place", "scanned"]

NUMBERS = ["0", "1", "2", "3", "7", "0001", "999999999", "9" * 5000, "-1", "1.0", "\uff11", "", "..", "%2e%2e", "1/..", "a", "\0"]
NAMES = ["room.css", "room.js", "../app.py", "%2e%2e/access.py", "/etc/passwd", "room.css/", "\udcff", "x" * 3000]
WORDS = [str(each) for each in EXTREMES if isinstance(each, (str, int)) and len(str(each)) < 6000]
WORDS += [
    "\u202eabc",
    "\u2066<b>",
    "approve",
    "reject",
    "ask",
    "not-ai",
    "new",
    "changed",
    "2",
    "blocked",
    "none",
    "canary.png",
    "\ufffd",
    "a" * 300,
    "&=;",
    "%",
]
QUERY = ["kind", "page", "text", "since", "verdict", "decision", "zone", "format", "token", "secret", "<b>", ""]
FIELDS = [
    *("statement", "decider", "date", "reference", "addressee", "approver", "category", "use", "expires", "first", "after"),
    *("seen", "submission", "without_file", "recorder", "recorded", "id", "reason", "depth", "secret", "content", ""),
]
GOOD = {
    "statement": "no release form",
    "decider": "Vera Okafor, legal",
    "date": "2026-02-28",
    "approver": "Dana Reyes, Netflix",
    "reference": "NFLX-2231",
    "category": "creative-output",
    "use": "background plate",
    "seen": "0",
    "reason": "a mistake",
}
ODD_HEADERS = [
    *(
        "range",
        "if-none-match",
        "if-modified-since",
        "accept",
        "accept-encoding",
        "x-forwarded-host",
        "x-forwarded-for",
        "forwarded",
    ),
    *("x-http-method-override", "x-original-url", "x-rewrite-url", "hx-request", "hx-target", "hx-boosted", "x-remote-user"),
    *("authorization", "upgrade", "connection", "te", "expect", "content-encoding", "transfer-encoding", "content-length"),
]
LATIN = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=20)


def routes() -> list[str]:
    return [route.path for route in make_app(Room(())).routes]  # type: ignore[attr-defined]


@st.composite
def targets(draw: st.DrawFn) -> tuple[str, bytes]:
    """A path as servers hand it on, and a query string."""
    path = draw(st.sampled_from(routes()))
    plain = draw(st.booleans())
    for parameter in ("report:place", "row:place", "hit:place", "pair:place"):
        number = draw(
            st.sampled_from(["1", "2"] if plain and parameter.startswith("report") else NUMBERS[: 5 if plain else None])
        )
        path = path.replace(f"{{{parameter}}}", number)
    path = path.replace("{part}", draw(st.sampled_from(["asset", "reference", "difference", "..", "\0", "asset/"])))
    path = path.replace("{name:path}", draw(st.sampled_from(NAMES)))
    path += draw(st.sampled_from(["", "", "", "", "/", "/..", "//", ";x", "%00"]))
    pairs = draw(st.lists(st.tuples(st.sampled_from(QUERY), st.sampled_from(WORDS) | st.text(max_size=8)), max_size=4))
    query = urlencode(pairs, errors="replace").encode() if draw(st.integers(0, 5)) else draw(st.binary(max_size=20))
    return path, query


forms = st.lists(st.tuples(st.sampled_from(FIELDS), st.sampled_from(WORDS) | st.text(max_size=10)), max_size=8)
headers = st.lists(
    st.tuples(st.sampled_from(ODD_HEADERS), st.sampled_from(["true", "chunked", "0", "bytes=0-1"]) | LATIN), max_size=3
)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(targets(), st.sampled_from(["GET", "HEAD", "GET", "PUT", "DELETE", "OPTIONS", "get", "CONNECT"]), headers)
def test_whatever_is_asked_nothing_fails_and_nothing_is_decided(
    place: Place, target: tuple[str, bytes], method: str, more: list[tuple[str, str]]
) -> None:
    before = place.entries()
    answer = place.asker.sent(method, *target, [*place.asker.form_headers()[:2], *more])
    place.check(answer)
    assert answer.status not in (301, 302, 303, 307, 308)
    assert place.entries() == before


submissions = iter(range(1 << 30))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(targets(), st.booleans(), forms, headers, st.integers(0, 3))
def test_whatever_form_is_sent_only_a_whole_one_is_recorded_and_once(
    place: Place, target: tuple[str, bytes], good: bool, spoilt: list[tuple[str, str]], more: list[tuple[str, str]], row: int
) -> None:
    fields = [("secret", place.asker.secret), *(list(GOOD.items()) if good else [])]
    if good and row:
        target = (f"/scans/2/assets/{row}/decide", target[1])
        fields += [("submission", f"submission-{next(submissions):08}")]
    fields += [pair for pair in spoilt if pair[0] != "secret"]
    body = urlencode(fields, errors="surrogatepass").encode()
    before = place.entries()
    for _ in range(2):
        answer = place.asker.sent("POST", *target, [*place.asker.form_headers(), *more], body)
        place.check(answer)
        after = place.entries()
        decided = answer.status == 303 and "/assets/" in answer.headers["location"]
        assert len(after) - len(before) == (1 if decided else 0), (answer, target, fields)
        assert after[: len(before)] == before
    for kind, payload in after[len(before) :]:
        told = json.loads(payload)
        assert (told["recorder"], told["submission"]) == ("rosa", dict(fields)["submission"])
        assert kind in ("approval", "rejection", "question", "not-ai")


def test_nothing_beside_the_delivery_is_seen(place: Place) -> None:
    """Every asset of a report that leads out of its root, by every address that shows something of a file."""
    rooms = place.asker.pages.state.room
    told = []
    for report in rooms.reports:
        for row in range(len(report.catalogue)):
            here = f"{report.address}/assets/{row}"
            for part in (
                "",
                "/thumbnail",
                "/picture",
                "/metadata",
                "/beside/0",
                "/beside/0/asset",
                "/frames/1",
                "/frames/1/shown",
            ):
                answer = place.asker.get(here + part)
                place.check(answer)
                told.append((report.number, answer.headers["content-type"]))
    # That the check can fail: pictures of what may be seen were among them.
    assert ("image/jpeg" in {kind for _, kind in told}) and "image/svg+xml" in {kind for _, kind in told}
    paths = [rooms.reports[0].catalogue.asset(row).path() for row in range(len(rooms.reports[0].catalogue))]
    assert "../canary.png" in paths


def test_the_canary_would_be_noticed(place: Place) -> None:
    with pytest.raises(AssertionError):
        place.check(Answered(200, {"x-content-type-options": "nosniff", "content-type": "image/png"}, place.canary.read_bytes()))


@pytest.mark.parametrize("path", ["../canary.png", "final/out/canary.png", "out/../canary.png", "%2e%2e/canary.png"])
def test_no_path_is_an_address(place: Place, path: str) -> None:
    for prefix in ("/", "/static/", "/scans/1/", "/scans/1/assets/", "/scans/1/assets/0/", "/scans/1/assets/0/beside/0/"):
        for form in (path, quote(path), quote(quote(path))):
            answer = place.asker.get(prefix + form)
            assert answer.status == 404
            place.check(answer)
