"""Examinations as a delivery yields them. Small to import: processes of their own use it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from scanner.model.assets import ContentHash
from scanner.model.credentials import Action, Credentials, Manifest, ManifestStore, Signer, ValidationCode
from scanner.model.kept import FileIdentity, ReadingToKeep, ReadingVersion
from scanner.model.marks import Confidence, Mark, Meaning
from scanner.model.matching import Fingerprint, GlobalHash
from scanner.model.placement import MediaIdentity
from scanner.model.readings import ReadingSummary
from scanner.model.work import Examination
from scanner.probe.formats import ALL

TASK = bytes(16)
VERSION = ReadingVersion("ab" * 32, '{"exiftool": "13.50"}')
READ_NS = 1_700_000_000 * 10**9
"""Long before any test runs."""
_DAY_NS = 86_400 * 10**9
_JPEG = next(one for one in ALL if one.name == "jpeg")
_READERS = ("exiftool", "c2pa", "residue")


def sha256_of(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def bare(number: int = 0) -> Examination:
    """A picture without metadata: nothing is its own but digest, size and hashes."""
    bits = sha256_of(number)
    return Examination(
        0,
        _JPEG,
        ContentHash(value=bits, origin="computed"),
        (*(ReadingSummary(reader, "not-found", None) for reader in _READERS), ReadingSummary("picture", "found")),
        credentials=Credentials.NONE,
        fingerprint=Fingerprint("phash64/1", bits[:16], 4000, 3000 + number, flat=False, quality=number % 101),
        prints=(GlobalHash("dct256/1", "whole", bits),),
        width=4000,
        height=3000 + number,
    )


def photographed(number: int) -> Examination:
    """A camera's picture: times and identities of its own too."""
    return replace(
        bare(number),
        camera="Maker Model 7",
        captured=f"2026:01:{number % 28 + 1:02} 12:{number % 60:02}:{number // 60 % 60:02}",
        exposure=f"1/{number % 1000} s, f/5.6, ISO 400",
        identity=MediaIdentity(uuids=(sha256_of(number)[:32],)),
    )


def marked(number: int) -> Examination:
    """A generated picture with credentials: an outcome that no other file yields."""
    values = (f"urn:uuid:{sha256_of(number)[:32]}", f"a prompt of its own, number {number}")
    marks = tuple(
        Mark(f"mark-{value[:4]}", Meaning.GENERATED, Confidence.DEFINITIVE, "Model 9", "file, XMP-x:Field", value, "c2pa", "1")
        for value in values
    )
    actions = tuple(Action(f"c2pa.{name}", "trainedAlgorithmicMedia", "Model 9") for name in ("created", "edited", "converted"))
    codes = tuple(ValidationCode(f"assertion.{at}", "holds", "success") for at in range(8))
    store = ManifestStore(values[0], (Manifest(values[0], "Maker", signer=Signer("CA", "Maker"), actions=actions),), codes)
    return replace(bare(number), marks=marks, manifests=store, credentials=Credentials.VALID)


def delivery(count: int) -> Iterator[Examination]:
    """Six files of ten bare, three of a camera, one marked."""
    kinds = (bare, bare, photographed, bare, marked, bare, photographed, bare, photographed, bare)
    for number in range(count):
        yield kinds[number % 10](number)


def to_keep(examination: Examination, path: str, **changed: int) -> ReadingToKeep:
    number = int.from_bytes(path.encode("utf-8", "surrogateescape")[-4:], "big")
    identity = FileIdentity(path, 10_000_000 + number, READ_NS - _DAY_NS, READ_NS - _DAY_NS, (1 << 63) + number)
    read_ns = changed.pop("read_ns", READ_NS)
    return ReadingToKeep(replace(identity, **changed), TASK, read_ns, examination)
