"""Content that somebody decides on: what paths name, read and hashed now, as a scan would see it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.crawl.chosen import Chosen, choose
from scanner.crawl.zones import ZoneMap
from scanner.model.approvals import ContentKind
from scanner.model.assets import FileEntry, sequence_digest
from scanner.model.errors import UsageError
from scanner.model.formats import MediaKind
from scanner.model.matching import Fingerprint
from scanner.model.protocols import Engine
from scanner.model.text import shown
from scanner.model.work import PixelDigest, PixelsTask
from scanner.pipeline.gather import Gathered
from scanner.pipeline.plan import Plan, Progress
from scanner.pipeline.reading import ReadingRoom
from scanner.pipeline.settings import ScanSettings
from scanner.read.exiftool_installation import inspect_exiftool
from scanner.tools.bounded import sha256_of

_WHOLE = "Wait until it is written, then run this again"


@dataclass(frozen=True, slots=True)
class Content:
    """What a decision can be bound to."""

    path: str
    """Absolute; a sequence in fileseq notation. As text that can be shown."""
    kind: ContentKind
    digest: str
    size_bytes: int
    frames: int = 0
    fingerprints: tuple[Fingerprint, ...] = ()
    pixel_digest: str = ""
    is_moving: bool = False
    """Whether it is a film or a sequence, so that a decision can be about a part of it."""

    @property
    def single_size_bytes(self) -> int:
        """Size by which a scan knows that it may be this file; 0 for a sequence."""
        return 0 if self.frames else self.size_bytes


def read_contents(settings: ScanSettings, paths: Sequence[str], engine: Engine, progress: Progress) -> tuple[Content, ...]:
    """Read what `paths` name and return what each is, by content; files of any size are hashed.

    Raises:
        UsageError: a path names nothing, part of a sequence, or what no approval can be about (empty, not media); or a file
            changed while it was read. ToolError: no ExifTool.
        KeyboardInterrupt: somebody stopped it.
    """
    inspect_exiftool(settings.worker.exiftool)
    zones = ZoneMap()
    chosen = choose(paths, zones)
    room = ReadingRoom(Plan(chosen.folders, chosen.crawls, chosen.assets, zones), engine, progress, fingerprints=True)
    gathered = room.read()
    if room.interrupted:
        raise KeyboardInterrupt
    wanted = [one for one in gathered if _is_named(one, chosen)]
    for one in wanted:
        _refuse(one, chosen)
    digests = [_digest(one, room, progress) for one in wanted]
    pixels = _pixel_digests(wanted, room, engine, progress)
    return tuple(
        Content(
            path=shown(room.absolute(one.asset.root, one.asset.path)).strip(),
            kind=ContentKind.SEQUENCE if one.asset.is_sequence else ContentKind.FILE,
            digest=digest,
            size_bytes=one.asset.size_bytes,
            frames=len(one.asset.frames),
            fingerprints=_fingerprints(one),
            pixel_digest=pixels.get(number, ""),
            is_moving=one.asset.is_sequence or one.first.format.kind is MediaKind.VIDEO,
        )
        for number, (one, digest) in enumerate(zip(wanted, digests, strict=True))
    )


def _is_named(one: Gathered, chosen: Chosen) -> bool:
    return any((one.asset.root, file.path) in chosen.named for file in one.asset.files)


def _refuse(one: Gathered, chosen: Chosen) -> None:
    where = shown(one.asset.path)
    lacking = [file.path for file in one.asset.files if (one.asset.root, file.path) not in chosen.named]
    if lacking:
        raise UsageError(
            f"{len(one.asset.files) - len(lacking)} of the {len(one.asset.files)} frames of this sequence were named",
            where=where,
            next_step="A sequence is decided on whole: name all of it",
        )
    if one.changed:
        raise UsageError("changed while it was read", where=where, next_step=_WHOLE)
    if any(not file.size_bytes for file in one.asset.files):
        raise UsageError("is empty: every empty file has this content", where=where)
    if one.first.litter or one.first.format.kind is MediaKind.NOT_MEDIA:
        raise UsageError(
            f"is {one.first.format.title}, no media: a scan finds nothing in it that a decision could be about", where=where
        )


def _digest(one: Gathered, room: ReadingRoom, progress: Progress) -> str:
    hashes = [
        examination.hash.value or _hashed(room.absolute(one.asset.root, file.path), file, progress)
        for file, (_, examination) in zip(one.asset.files, one.frames, strict=True)
    ]
    return sequence_digest(hashes) if one.asset.is_sequence else hashes[0]


def _hashed(path: str, file: FileEntry, progress: Progress) -> str:
    """Hash what a scan would leave unhashed for its size."""
    total = file.size_bytes >> 20
    try:
        digest, count = sha256_of(path, lambda done: progress("hashing", done >> 20, total))
        status = os.stat(path)
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror or error})", where=shown(path)) from error
    if (count, status.st_size, status.st_mtime_ns) != (file.size_bytes, file.size_bytes, file.mtime_ns):
        raise UsageError("changed while it was hashed", where=shown(path), next_step=_WHOLE)
    return digest


def _fingerprints(one: Gathered) -> tuple[Fingerprint, ...]:
    """Of the first, middle and last picture; a frame that looks like another is told once."""
    last = len(one.frames) - 1
    prints = (one.frames[at][1].fingerprint for at in sorted({0, last // 2, last}))
    return tuple(dict.fromkeys(mark for mark in prints if mark is not None))


def _pixel_digests(wanted: Sequence[Gathered], room: ReadingRoom, engine: Engine, progress: Progress) -> dict[int, str]:
    tasks = [
        PixelsTask(number, room.absolute(one.asset.root, one.asset.files[0].path), one.asset.files[0].size_bytes)
        for number, one in enumerate(wanted)
        if not one.asset.is_sequence and one.first.fingerprint is not None
    ]
    digests: dict[int, str] = {}
    for done, result in enumerate(engine.run(tasks) if tasks else (), 1):
        progress("decoding", done, len(tasks))
        if isinstance(result, PixelDigest):
            digests[result.key] = result.digest
    return digests
