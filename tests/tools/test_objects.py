from __future__ import annotations

import pytest

pytest.importorskip("obstore")

from scanner.model.objects import ObjectPlace
from scanner.tools import objects
from scanner.tools.objects import Buckets, ObjectChangedError, ObjectError
from tests.tools.object_server import MODIFIED, SECRET, ObjectServer

PLACE = ObjectPlace("s3", "delivery", "a/still.jpg")
CONTENT = bytes(range(256)) * 8


@pytest.fixture
def served(objects_served: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> ObjectServer:
    monkeypatch.setattr(objects, "_SHORT_PAUSE_SECONDS", 0.001)
    objects_served.objects[PLACE.key] = CONTENT
    return objects_served


def few_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "_RETRIES", 1)


def test_a_part_is_read_whole(served: ObjectServer) -> None:
    buckets = Buckets()
    status = buckets.status(PLACE)
    assert (status.size_bytes, status.mtime_ns) == (len(CONTENT), MODIFIED * 10**9)
    assert buckets.read(PLACE, 10, 700, status) == CONTENT[10:700]
    assert buckets.traffic.received_bytes == 690 == served.sent_bytes


@pytest.mark.parametrize("mistake", ["short", "part"])
def test_a_body_that_breaks_off_is_asked_for_again(served: ObjectServer, mistake: str) -> None:
    buckets = Buckets()
    status = buckets.status(PLACE)
    served.mistakes[PLACE.key].extend([mistake, mistake])
    assert buckets.read(PLACE, 0, 2048, status) == CONTENT


@pytest.mark.parametrize("mistake", ["short", "part"])
def test_a_body_that_always_breaks_off_is_never_taken_for_the_object(
    served: ObjectServer, monkeypatch: pytest.MonkeyPatch, mistake: str
) -> None:
    few_retries(monkeypatch)
    buckets = Buckets()
    status = buckets.status(PLACE)
    served.mistakes[PLACE.key].extend([mistake] * 100)
    with pytest.raises(ObjectError, match="broke off 4 times"):
        buckets.read(PLACE, 0, 2048, status)


def test_a_busy_service_is_asked_again(served: ObjectServer) -> None:
    buckets = Buckets()
    status = buckets.status(PLACE)
    served.mistakes[PLACE.key].append("busy")
    assert buckets.read(PLACE, 0, 2048, status) == CONTENT
    assert served.asked[-2:] == [f"GET {PLACE.key} bytes=0-2047"] * 2


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        ("busy", "the service was too busy, also after 1 retries (SlowDown)"),
        ("expired", "the credentials have expired (ExpiredToken)"),
        ("denied", "the credentials do not allow it (AccessDenied)"),
        ("unknown-key", "the credentials do not allow it (InvalidAccessKeyId)"),
        ("no-bucket", "there is no such bucket"),
    ],
)
def test_a_refusal_is_told_by_its_code_and_nothing_secret(
    served: ObjectServer, monkeypatch: pytest.MonkeyPatch, refusal: str, told: str
) -> None:
    few_retries(monkeypatch)
    served.always = refusal
    with pytest.raises(ObjectError) as caught:
        list(Buckets().pages(ObjectPlace("s3", "delivery", "")))
    assert caught.value.why == told
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_a_service_that_is_not_there_is_told(served: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> None:
    few_retries(monkeypatch)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(ObjectError, match="cannot be reached"):
        Buckets().status(PLACE)


def test_an_object_that_changed_is_refused_whole(served: ObjectServer) -> None:
    buckets = Buckets()
    status = buckets.status(PLACE)
    served.objects[PLACE.key] = bytes(len(CONTENT))
    with pytest.raises(ObjectChangedError):
        buckets.read(PLACE, 0, 100, status)
    served.objects[PLACE.key] = CONTENT + b"more"
    with pytest.raises(ObjectChangedError):
        buckets.read(PLACE, 0, 100, status)


def test_an_object_that_is_gone_is_missing(served: ObjectServer) -> None:
    buckets = Buckets()
    status = buckets.status(PLACE)
    del served.objects[PLACE.key]
    with pytest.raises(ObjectError) as caught:
        buckets.read(PLACE, 0, 100, status)
    assert caught.value.missing


def test_a_service_that_stays_silent_is_given_up(served: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "_RETRIES", 0)
    monkeypatch.setattr(objects, "GIVEN_UP_AFTER", 3)
    buckets = Buckets()
    status = buckets.status(PLACE)
    served.mistakes[PLACE.key].extend(["busy", "busy", "", "busy", "busy", "busy"])
    for told in ("busy", "busy", "", "busy", "busy", "busy", "given up", "given up"):
        if not told:
            assert buckets.read(PLACE, 0, 10, status)
            continue
        with pytest.raises(ObjectError, match=told):
            buckets.read(PLACE, 0, 10, status)
    assert len(served.asked) == 7
