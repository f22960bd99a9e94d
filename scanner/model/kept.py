"""Readings that are kept between scans: whose they are, when they may be trusted, and how they are told apart from each other.

Most files of a delivery yield the same examination but for their digest, size and hashes. So what is kept is in two parts: what
a file has of its own, small and by the file, and the outcome, which is kept once and shared by all files that yield it.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Any, NamedTuple

from scanner.model.assets import ContentHash
from scanner.model.matching import Fingerprint, GlobalHash
from scanner.model.work import Examination

RACY_NS = 2_000_000_000
"""A file may be written twice within one tick of its time: two seconds on FAT, one on many shares (issue 7, point 1)."""
_HEADER = struct.Struct("<BII")
_BOX = struct.Struct("<4d")
_HEX = frozenset("0123456789abcdef")
_LARGEST = (1 << 31) - 1
_SHA256_BYTES = 32
_NAMES = tuple(one.name for one in fields(Examination))
_VALUES = attrgetter(*_NAMES)
_AT = {name: at for at, name in enumerate(_NAMES)}


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """What tells, without reading it, that a file is the one that was read; as `os.stat` gave it before it was read."""

    path: str
    """Absolute, surrogate-escaped where it is no UTF-8."""
    size_bytes: int
    mtime_ns: int
    ctime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class ReadingVersion:
    """What readings are made with; other versions of it yield other readings. No policy, zone, library or approval is in it."""

    digest: str
    """SHA-256 of readers, catalogue, tools and those settings that change a reading, 64 hexadecimal digits."""
    made_of: str = "{}"
    """The same for people, as a JSON object of texts."""


class ContentKey(NamedTuple):
    """What a reading can be known by where the file stands elsewhere: its bytes, what was asked, and what its name promises."""

    sha256: str
    task: bytes
    """Only of tasks that ask for nothing beside the file: no sidecar of it, and itself none."""
    extension: str
    """As `extension_of` has it."""


def extension_of(name: str) -> str:
    """Return what a file's name says of its type, as the probe takes it: what stands behind its last dot, in lower case."""
    stem, _, extension = name.rpartition(".")
    return extension.lower() if stem.strip(".") else ""


@dataclass(frozen=True, slots=True)
class ReadingToKeep:
    """What one file yielded, to be kept."""

    identity: FileIdentity
    task: bytes
    """What was asked of the file: digest of its task, as `pipeline.reading_key.task_digest` makes it."""
    read_ns: int
    """When the reading began, not before `identity` was taken: nanoseconds since 1970, by this machine's clock."""
    examination: Examination
    beside: FileIdentity | None = None
    """The detached manifest that was read with it."""

    @property
    def is_keepable(self) -> bool:
        """Whether another scan may rely on it.

        Not what was not read to its end, or for a cause outside the file; and no file whose time is so near the reading, or
        after it, that it could have changed since without showing it.
        """
        one = self.examination
        if one.changed or one.transient or one.unfetched or not one.reached:
            return False
        files = (self.identity, self.beside or self.identity)
        return all(max(file.mtime_ns, file.ctime_ns) + RACY_NS <= self.read_ns for file in files)


class Own(NamedTuple):
    """What an examination has of its own, beside the outcome that it shares with others."""

    sha256: bytes | None
    width: int
    height: int
    prints: bytes | None
    """Fingerprint and further hashes, packed; None where the outcome has them whole."""
    facts: str | None
    """Capture date, exposure, timecode, identities and sealed digests as JSON; None where all are empty."""


class Kept(NamedTuple):
    """A kept reading of one file.

    A named tuple and no dataclass: a rescan makes one of each file, in a third of the time.
    """

    size_bytes: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    outcome: int
    """Number of the outcome: equal for equal outcomes, whatever the store, scan or machine."""
    shared: Examination
    """The outcome. Files with equal outcomes mostly have this very object; what is a file's own is empty in it."""
    own: Own

    def fits(self, identity: FileIdentity) -> bool:
        """Whether the file is still the one that was read."""
        return (
            self.mtime_ns == identity.mtime_ns
            and self.size_bytes == identity.size_bytes
            and self.ctime_ns == identity.ctime_ns
            and self.inode == identity.inode
        )

    @property
    def sha256(self) -> str | None:
        """Digest of the file's bytes, where it was made."""
        return self.own.sha256.hex() if self.own.sha256 is not None else self.shared.hash.value

    def examination(self, key: int = 0) -> Examination:
        """Return all that the file yielded, under the number of a task.

        Raises:
            ValueError: what was kept is damaged; it is as if not kept.
        """
        return joined(self.shared, self.own, key)


def split(examination: Examination) -> tuple[Examination, Own]:
    """Return the outcome and the file's own part; `joined` puts them together again.

    What does not fit its column (no SHA-256, hexadecimal digits of another kind) stays in the outcome, which then is shared less.
    """
    one = examination
    sha256 = _digest(one.hash)
    outcome: dict[str, Any] = {"key": 0, "width": 0, "height": 0}
    width, height = one.width, one.height
    if not (0 <= width <= _LARGEST and 0 <= height <= _LARGEST):
        outcome |= {"width": width, "height": height}
        width = height = 0
    if sha256 is not None:
        outcome["hash"] = ContentHash(one.hash.algorithm, None, one.hash.origin)
    prints = _packed(one.fingerprint, one.prints)
    if prints is not None:
        outcome |= {"fingerprint": _emptied(one.fingerprint), "prints": tuple(_blank(mark) for mark in one.prints)}
    facts = _facts(one)
    if facts is not None:
        outcome |= {"captured": "", "exposure": "", "timecode": "", "sealed_digests": ()}
        outcome["identity"] = replace(one.identity, uuids=(), tape="")
    return _replaced(one, outcome), Own(sha256, width, height, prints, facts)


def joined(shared: Examination, own: Own, key: int) -> Examination:
    """Put an outcome and a file's own part together.

    Raises:
        ValueError: they do not belong together, or are damaged.
    """
    changed: dict[str, Any] = {"key": key}
    if own.width or own.height:
        changed |= {"width": own.width, "height": own.height}
    if own.sha256 is not None:
        if len(own.sha256) != _SHA256_BYTES:
            raise ValueError("the SHA-256 is none")
        changed["hash"] = ContentHash(shared.hash.algorithm, own.sha256.hex(), shared.hash.origin)
    if own.prints is not None:
        changed["fingerprint"], changed["prints"] = _unpacked(own.prints, shared.fingerprint, shared.prints)
    if own.facts is not None:
        try:
            changed |= _told(own.facts, shared)
        except TypeError as error:
            raise ValueError("facts are damaged") from error
    return _replaced(shared, changed)


def _replaced(one: Examination, changed: dict[str, Any]) -> Examination:
    """As `dataclasses.replace`, which takes nearly twice as long on so many fields."""
    values = list(_VALUES(one))
    for name, value in changed.items():
        values[_AT[name]] = value
    return Examination(*values)


def _digest(content: ContentHash) -> bytes | None:
    value = content.value
    return bytes.fromhex(value) if value is not None and len(value) == 64 and _HEX.issuperset(value) else None


def _packed(fingerprint: Fingerprint | None, prints: tuple[GlobalHash, ...]) -> bytes | None:
    """Quality, width, height and box of the fingerprint, then all bits: their algorithms, and so their lengths, are shared."""
    every = [mark.bits for mark in (*((fingerprint,) if fingerprint else ()), *prints)]
    if not every or not all(bits and len(bits) % 2 == 0 and _HEX.issuperset(bits) for bits in every):
        return None
    head = b""
    if fingerprint:
        one = fingerprint
        fits = 0 <= one.quality <= 100 and 0 <= one.width <= _LARGEST and 0 <= one.height <= _LARGEST
        if not fits or len(one.inner) not in (0, 4) or not all(type(share) is float for share in one.inner):
            return None
        head = _HEADER.pack(one.quality, one.width, one.height) + (_BOX.pack(*one.inner) if one.inner else b"")
    return head + bytes.fromhex("".join(every))


def _emptied(one: Fingerprint | None) -> Fingerprint | None:
    inner = (0.0, 0.0, 0.0, 0.0) if one and one.inner else ()
    return replace(one, bits="0" * len(one.bits), width=0, height=0, inner=inner, quality=0) if one else None


def _blank(mark: GlobalHash) -> GlobalHash:
    return GlobalHash(mark.algorithm, mark.variant, "0" * len(mark.bits))


def _unpacked(
    packed: bytes, fingerprint: Fingerprint | None, prints: tuple[GlobalHash, ...]
) -> tuple[Fingerprint | None, tuple[GlobalHash, ...]]:
    at = 0
    quality = width = height = 0
    inner: tuple[float, ...] = ()
    if fingerprint:
        at = _HEADER.size + (_BOX.size if fingerprint.inner else 0)
        if len(packed) < at:
            raise ValueError("hashes are damaged")
        quality, width, height = _HEADER.unpack_from(packed)
        inner = _BOX.unpack_from(packed, _HEADER.size) if fingerprint.inner else ()
    bits = packed[at:].hex()
    if len(bits) != (len(fingerprint.bits) if fingerprint else 0) + sum(len(mark.bits) for mark in prints):
        raise ValueError("hashes are damaged")
    end = 0
    whole = None
    if fingerprint:
        end = len(fingerprint.bits)
        whole = Fingerprint(fingerprint.algorithm, bits[:end], width, height, fingerprint.flat, inner, quality)
    further = []
    for mark in prints:
        further.append(GlobalHash(mark.algorithm, mark.variant, bits[end : end + len(mark.bits)]))
        end += len(mark.bits)
    return whole, tuple(further)


def _facts(one: Examination) -> str | None:
    identity = one.identity
    told = (one.captured, one.exposure, one.timecode, identity.uuids, identity.tape, one.sealed_digests)
    if not any(told):
        return None
    text = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
    # Half a character is no UTF-8, and two halves would come back as one.
    return text if _is_utf8(text) else None


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _told(facts: str, shared: Examination) -> dict[str, Any]:
    captured, exposure, timecode, uuids, tape, sealed = told = json.loads(facts)
    texts = (captured, exposure, timecode, tape, *uuids)
    if not isinstance(told, list) or not all(isinstance(one, str) for one in texts):
        raise ValueError("facts are damaged")
    changed: dict[str, Any] = {"captured": captured, "exposure": exposure, "timecode": timecode}
    if uuids or tape:
        changed["identity"] = replace(shared.identity, uuids=tuple(uuids), tape=tape)
    if sealed:
        changed["sealed_digests"] = tuple((str(name), str(digest)) for name, digest in sealed)
    return changed
