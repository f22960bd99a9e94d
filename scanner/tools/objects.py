"""Buckets, through obstore: the one place that talks to object storage.

Credentials come from where each service's own tools look in the environment, never from a setting of ours. What a service
answers may hold keys and tokens: of an error only its code is told. A request that fails for the moment (503, a broken
connection) is repeated by obstore with growing pauses; a body that is shorter than was asked for is asked for again here.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from scanner.model.errors import UsageError
from scanner.model.objects import ObjectPlace

EXTRA_HINT = "pip install 'media-provenance-scanner[cloud]'"

PART_BYTES = 8 << 20
"""Asked for at once: the time limit of a request counts its body too."""
_REQUEST_LIMIT = timedelta(seconds=120)
"""Of one request with its body: 70 kB/s suffice for a part."""
_RETRIES = 8
_BACKOFF = {"init_backoff": timedelta(milliseconds=300), "max_backoff": timedelta(seconds=15), "base": 3}
"""Pauses of 0.3 s and more, each up to three times the one before: half a minute of waiting in all, about."""
_RETRY_LIMIT = timedelta(seconds=120)
GIVEN_UP_AFTER = 16
"""Reads in a row without an answer, each with its retries; then no more is asked of the service in this scan."""
_SHORT_BODIES = 4
"""How often a part is asked for whose body breaks off."""
_SHORT_PAUSE_SECONDS = 0.2

_CODE = re.compile(r"<Code>([A-Za-z]{1,64})</Code>")
_STATUS = re.compile(r"non-2xx status code: (\d{3})")
_BROKEN_OFF = re.compile(r"UnexpectedRange|UnexpectedEof|response body error")
"""A range shorter than was asked for, and a body shorter than its header says (obstore 0.12)."""
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired"})
_METADATA_SERVICES = ("169.254.169.254", "metadata.google.internal", "169.254.170.2")
"""Where obstore asks for credentials when the environment has none."""

_Answer = TypeVar("_Answer")


class ObjectError(OSError):
    """An object or a listing cannot be had; `why` is a clause that goes on after "cannot be fetched: "."""

    def __init__(self, why: str, *, missing: bool = False, odd_key: bool = False, outage: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.missing = missing
        """There is no such object."""
        self.odd_key = odd_key
        """A listing holds a key that no path can stand for."""
        self.outage = outage
        """The service gave no answer, or had no time for one, also after all retries."""


class ObjectChangedError(ObjectError):
    """The object is not that which was listed."""


@dataclass(frozen=True, slots=True)
class ObjectStatus:
    """One object as a listing or an answer describes it."""

    key: str
    size_bytes: int
    mtime_ns: int
    """Last modification, nanoseconds since 1970 UTC; most services tell whole seconds."""
    version: str
    """Its entity tag, or its version where it has no tag: another after each change."""


class Traffic:
    """Counts what was received; safe among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.received_bytes = 0
        """Bodies of objects, such as were asked for again included; listings and headers are not counted."""
        self.requests = 0

    def count(self, received_bytes: int) -> None:
        """Count one answer."""
        with self._lock:
            self.received_bytes += received_bytes
            self.requests += 1


class Buckets:
    """Opened buckets, each opened once."""

    def __init__(self) -> None:
        """Open nothing yet."""
        self._stores: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()
        self._outages = 0
        """Reads in a row that the service did not answer."""
        self.traffic = Traffic()

    def status(self, place: ObjectPlace) -> ObjectStatus:
        """Return what is known of one object.

        Raises:
            ObjectError: it cannot be asked; `missing` where there is none.
        """
        import obstore

        return _status(self._ask(place, lambda store: obstore.head(store, place.key)))

    def pages(self, place: ObjectPlace) -> Iterator[list[ObjectStatus]]:
        """Yield all objects below a folder, page by page, in no promised order.

        Raises:
            ObjectError: the listing breaks off; `odd_key` where it holds a key that no path can stand for.
        """
        import obstore

        pages = self._ask(place, lambda store: iter(obstore.list(store, place.key or None, chunk_size=1000)))
        while page := self._ask(place, lambda _: next(pages, None)):
            yield [_status(meta) for meta in page]

    def folder(self, place: ObjectPlace) -> tuple[list[ObjectStatus], list[str]]:
        """Return the objects in one folder, and the keys of the folders in it.

        Raises:
            ObjectError: as for `pages`.
        """
        import obstore

        answer = self._ask(place, lambda store: obstore.list_with_delimiter(store, place.key or None))
        return [_status(meta) for meta in answer["objects"]], list(answer["common_prefixes"])

    def read(self, place: ObjectPlace, start: int, end: int, expected: ObjectStatus) -> bytes:
        """Return the bytes from `start` to before `end`, all of them.

        Raises:
            ObjectChangedError: the object is another than `expected`.
            ObjectError: they cannot be had whole.
        """
        for attempt in range(_SHORT_BODIES):
            if attempt:
                time.sleep(_SHORT_PAUSE_SECONDS * 2**attempt)
            body = self._answered(place, lambda store: self._part(store, place, start, end, expected))
            if len(body) == end - start:
                return body
        raise ObjectError(f"its bytes from {start:,} on broke off {_SHORT_BODIES} times")

    def sha256(self, place: ObjectPlace, expected: ObjectStatus) -> tuple[str, int]:
        """Return the SHA-256 of an object's bytes as hexadecimal, and how many bytes that were; none of them is kept.

        Raises:
            ObjectError: as for `read`.
        """
        digest = hashlib.sha256()
        for start in range(0, expected.size_bytes, PART_BYTES):
            digest.update(self.read(place, start, min(start + PART_BYTES, expected.size_bytes), expected))
        return digest.hexdigest(), expected.size_bytes

    def _part(self, store: Any, place: ObjectPlace, start: int, end: int, expected: ObjectStatus) -> bytes:  # noqa: ANN401
        import obstore
        from obstore.exceptions import BaseError

        body = b""
        try:
            answer = obstore.get(store, place.key, options={"range": (start, end)})
            found = _status(answer.meta)
            # Asked here and not by If-Match, which not every service heeds.
            if found.size_bytes != expected.size_bytes or (expected.version and found.version != expected.version):
                raise ObjectChangedError("it changed after it was listed")
            body = bytes(answer.bytes())
        except BaseError as error:
            if not _BROKEN_OFF.search(str(error)):
                raise
        self.traffic.count(len(body))
        return body

    def _answered(self, place: ObjectPlace, question: Callable[[Any], _Answer]) -> _Answer:
        """Ask, unless the service has been silent for long: each of a hundred thousand objects would wait in vain."""
        if self._outages >= GIVEN_UP_AFTER:
            raise ObjectError(f"the service was given up after {GIVEN_UP_AFTER} requests in a row without an answer")
        try:
            answer = self._ask(place, question)
        except ObjectError as error:
            with self._lock:
                self._outages = self._outages + 1 if error.outage else 0
            raise
        self._outages = 0
        return answer

    def _ask(self, place: ObjectPlace, question: Callable[[Any], _Answer]) -> _Answer:
        from obstore.exceptions import BaseError

        try:
            return question(self._store(place))
        except ObjectError:
            raise
        except (BaseError, OSError, ValueError) as error:
            raise _told(error) from None

    def _store(self, place: ObjectPlace) -> Any:  # noqa: ANN401 - obstore is an extra
        with self._lock:
            known = self._stores.get((place.scheme, place.bucket))
            if known is None:
                known = self._stores[place.scheme, place.bucket] = _opened(place)
            return known


def require_obstore(address: str) -> None:
    """Make sure that buckets can be read.

    Raises:
        UsageError: obstore is not installed.
    """
    try:
        import obstore  # noqa: F401
    except ImportError as error:
        raise UsageError("buckets need the extra 'cloud'", where=address, next_step=f"Install it: {EXTRA_HINT}") from error


def _opened(place: ObjectPlace) -> Any:  # noqa: ANN401
    from obstore.store import AzureStore, GCSStore, S3Store

    client = {"timeout": _REQUEST_LIMIT, "connect_timeout": timedelta(seconds=10), "allow_http": _plain_http_named()}
    retries = {"max_retries": _RETRIES, "backoff": _BACKOFF, "retry_timeout": _RETRY_LIMIT}
    kind = {"s3": S3Store, "gs": GCSStore, "az": AzureStore}[place.scheme]
    return kind(place.bucket, client_options=client, retry_config=retries)


def _plain_http_named() -> bool:
    """Whether the user's environment names an endpoint without TLS: a server of their own."""
    names = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT", "AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT")
    return any(os.environ.get(name, "").startswith("http://") for name in names)


def _status(meta: Any) -> ObjectStatus:  # noqa: ANN401
    modified: datetime = meta["last_modified"]
    return ObjectStatus(
        meta["path"], meta["size"], int(modified.timestamp()) * 10**9 + modified.microsecond * 1000, _version(meta)
    )


def _version(meta: Any) -> str:  # noqa: ANN401
    return meta.get("e_tag") or meta.get("version") or ""


def _told(error: Exception) -> ObjectError:
    """Say what a service answered in our own words: its own may repeat keys and tokens."""
    text = str(error)
    code, status = _found(_CODE, text), _found(_STATUS, text)
    busy = status == "503" or code in ("SlowDown", "ServerBusy")
    no_bucket = code in ("NoSuchBucket", "ContainerNotFound")
    missing = no_bucket or isinstance(error, FileNotFoundError) or status == "404"
    unreachable = "error sending request" in text
    odd_key = type(error).__name__ == "InvalidPathError"
    reasons = (
        (odd_key, "a key in it has an empty part, '.', '..' or a control character"),
        (any(name in text for name in _METADATA_SERVICES), "no credentials were found in the environment"),
        (code in _EXPIRED, f"the credentials have expired ({code})"),
        (no_bucket, "there is no such bucket"),
        (missing, "there is no such object"),
        (busy, f"the service was too busy, also after {_RETRIES} retries ({code or status})"),
        (status in ("401", "403"), f"the credentials do not allow it ({code or status})"),
        (bool(status), f"the service answered {' '.join(filter(None, (status, code)))}"),
        ("MissingAccount" in text, "AZURE_STORAGE_ACCOUNT_NAME names no account"),
        ("redirect without LOCATION" in text, "the bucket is in another region than AWS_REGION says"),
        (unreachable, f"the service cannot be reached, also after {_RETRIES} retries"),
        (True, f"the request failed ({type(error).__name__})"),
    )
    why = next(why for holds, why in reasons if holds)
    return ObjectError(why, missing=missing, odd_key=odd_key, outage=busy or unreachable)


def _found(pattern: re.Pattern[str], text: str) -> str:
    hit = pattern.search(text)
    return hit.group(1) if hit else ""
