"""From the examinations of an asset's files to what the asset as a whole says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scanner.crawl.sequences import ranges
from scanner.interpret.generation_note import join_notes
from scanner.interpret.people import join_people
from scanner.interpret.provenance import classify
from scanner.model.assets import Asset, ContentHash
from scanner.model.credentials import Credentials
from scanner.model.formats import UNKNOWN_FORMAT
from scanner.model.generation import GenerationNote
from scanner.model.marks import Mark, Meaning, Provenance
from scanner.model.moving import FilmLook
from scanner.model.people import NOBODY, People
from scanner.model.quick import quickly_made
from scanner.model.readings import VALUE_LIMIT, ReadingSummary
from scanner.model.text import bounded
from scanner.model.work import Examination

_TELLING_STATES = (
    Credentials.INVALID,
    Credentials.UNREADABLE,
    Credentials.REMOTE,
    Credentials.NOT_VERIFIED,
    Credentials.VALID,
    Credentials.TRUSTED,
    Credentials.NONE,
    Credentials.NOT_CHECKABLE,
)
"""A sequence has the state of its most telling frame."""

_NO_AI = (Meaning.DECLARED_OTHER, Meaning.PERMISSION, Meaning.TRAP)

NOT_REACHED = "the scan was stopped before this file was read"

MARKS_LIMIT = 200
"""Marks kept of one asset; a hostile file could hold a million."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Gathered:
    """One asset, read."""

    asset: Asset
    first: Examination
    """Of the first file; for a sequence, of the first frame that could be read."""
    frames: tuple[tuple[int, Examination], ...]
    """Frame number (0 for a single file) and examination, in order."""
    marks: tuple[Mark, ...]
    readings: tuple[ReadingSummary, ...]
    provenance: Provenance
    credentials: Credentials
    credential_problems: tuple[str, ...]
    hash: ContentHash
    changed: bool
    people: People
    """Nobody where no mark speaks of AI: names are personal data, and without such a mark nothing asks for them."""
    generation: GenerationNote
    hidden_credentials: str
    """As in `Examination.hidden_credentials`, of the first file that has some."""
    other_thumbnail: str
    """As in `Examination.other_thumbnail`, of the first file that has one."""
    reached: bool
    """False where the scan was stopped before any of its files was read."""
    film: FilmLook | None = None
    """How a moving picture was looked at for references; None for what is none, and where nothing was looked for in it."""


def gather(asset: Asset, files: Sequence[Examination], sidecars: Sequence[Examination]) -> Gathered:
    """Put together what an asset's files and sidecars yielded; `files` in the order of `asset.files`."""
    if not (sidecars or asset.is_sequence or files[0].marks):
        return _unmarked_file(asset, files[0])
    numbers = asset.frames or (0,)
    frames = tuple(zip(numbers, files, strict=True))
    first = next((examination for examination in files if examination.format is not UNKNOWN_FORMAT), files[0])
    telling = min(files, key=lambda examination: _TELLING_STATES.index(examination.credentials))
    marks = _kept([*_sequence_marks(frames), *(mark for sidecar in sidecars for mark in sidecar.marks)])
    # The very tuple of a single file, not one like it: equal files then share it, on disk and in what counts them.
    own = files[0].readings if len(files) == 1 else tuple(_sequence_readings(frames))
    readings = (*own, *_sidecar_readings(asset, sidecars)) if sidecars else own
    return Gathered(
        asset=asset,
        first=first,
        frames=frames,
        marks=marks,
        readings=readings,
        provenance=classify(marks, first.format, readings),
        credentials=telling.credentials,
        credential_problems=telling.credential_problems,
        hash=first.hash if not asset.is_sequence else ContentHash(),
        changed=any(examination.changed for examination in (*files, *sidecars)),
        people=_people(marks, (*files, *sidecars)),
        generation=join_notes([examination.generation for examination in (*files, *sidecars)]),
        hidden_credentials=next((one.hidden_credentials for one in files if one.hidden_credentials), ""),
        other_thumbnail=next((one.other_thumbnail for one in files if one.other_thumbnail), ""),
        reached=any(examination.reached for examination in files),
    )


def _unmarked_file(asset: Asset, one: Examination) -> Gathered:
    """As `gather`, for nine of ten assets."""
    return Gathered(
        asset=asset,
        first=one,
        frames=((0, one),),
        marks=(),
        readings=one.readings,
        provenance=classify((), one.format, one.readings),
        credentials=one.credentials,
        credential_problems=one.credential_problems,
        hash=one.hash,
        changed=one.changed,
        people=NOBODY,
        generation=join_notes((one.generation,)),
        hidden_credentials=one.hidden_credentials,
        other_thumbnail=one.other_thumbnail,
        reached=one.reached,
    )


def _kept(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    unique = dict.fromkeys(marks)
    return tuple(replace(mark, value=bounded(mark.value, VALUE_LIMIT)) for mark in list(unique)[:MARKS_LIMIT])


def _people(marks: Sequence[Mark], examinations: Sequence[Examination]) -> People:
    if all(mark.meaning in _NO_AI for mark in marks):
        return NOBODY
    return join_people([examination.people for examination in examinations])


def _sequence_marks(frames: Sequence[tuple[int, Examination]]) -> list[Mark]:
    """Marks of all frames, told once: with the frames that carry them where not all do."""
    if len(frames) == 1:
        return list(frames[0][1].marks)
    carriers: dict[tuple[str, str, str], list[int]] = {}
    samples: dict[tuple[str, str, str], Mark] = {}
    for number, examination in frames:
        for mark in examination.marks:
            key = (mark.id, mark.meaning, mark.generator)
            samples.setdefault(key, mark)
            numbers = carriers.setdefault(key, [])
            if not numbers or numbers[-1] != number:
                numbers.append(number)
    return [
        replace(samples[key], frames="" if len(numbers) == len(frames) else ranges(numbers)) for key, numbers in carriers.items()
    ]


def _sequence_readings(frames: Sequence[tuple[int, Examination]]) -> list[ReadingSummary]:
    told: dict[tuple[str, str, str | None], list[int]] = {}
    for number, examination in frames:
        for reading in examination.readings:
            told.setdefault((reading.reader, reading.state, reading.reason), []).append(number)
    return [
        ReadingSummary(reader, state, _with_frames(reason, numbers, len(frames)))
        for (reader, state, reason), numbers in told.items()
    ]


def _with_frames(reason: str | None, numbers: Sequence[int], total: int) -> str | None:
    if len(numbers) == total:
        return reason
    return f"frames {ranges(numbers)}" + (f": {reason}" if reason else "")


def _sidecar_readings(asset: Asset, sidecars: Sequence[Examination]) -> list[ReadingSummary]:
    return [
        ReadingSummary(reading.reader, reading.state, f"sidecar {entry.name}" + (f": {reading.reason}" if reading.reason else ""))
        for entry, examination in zip(asset.sidecars, sidecars, strict=True)
        for reading in examination.readings
        if reading.state == "failed"
    ]


def first_failure(readings: Sequence[ReadingSummary]) -> str:
    """Return the first reason for which a reader failed on an asset, empty where none did: others follow from it."""
    failed = next((reading for reading in readings if reading.state == "failed"), None)
    return (failed.reason or failed.reader) if failed else ""


def unreached_examination() -> Examination:
    """What stands for a file that the scan was stopped before."""
    return Examination(-1, UNKNOWN_FORMAT, ContentHash(), (ReadingSummary("probe", "not-tried", NOT_REACHED),), reached=False)


def missing_examination(key: int, why: str) -> Examination:
    """What stands for a file that could not be examined: the crawl could not reach it, or its worker died."""
    return Examination(key, UNKNOWN_FORMAT, ContentHash(), (ReadingSummary("probe", "failed", why),), transient=True)
