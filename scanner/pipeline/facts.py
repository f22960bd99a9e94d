"""What a file's metadata says that is no mark: its camera and exposure, its size, when it was captured."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from scanner.model.formats import Format
from scanner.model.placement import UNKNOWN_MEDIA, MediaIdentity
from scanner.model.readings import Failed, Found, NotFound, NotTried, Outcome, Statement
from scanner.model.work import ExamineTask
from scanner.pipeline.frame_header import frame_rate, frame_timecode
from scanner.read.identity import read_identity

_SIZE_FIELDS = ("ImageWidth", "ImageHeight")
_CAMERA_LIMIT = 120
_CAPTURE_FIELDS = ("ExifIFD:DateTimeOriginal", "ExifIFD:SubSecTimeOriginal")
_IDENTITY_FIELDS = ("XMP-xmpMM:InstanceID", "XMP-xmpMM:DocumentID")
_IDENTITY_PREFIX = re.compile(r"^(?:(?:urn|uuid|xmp\.[did]id|adobe|docid|[a-z]+):)+")
_EXPOSURE_FIELDS = (
    ("ExifIFD:ExposureTime", "{} s", re.compile(r"\d{1,6}(?:[./]\d{1,6})?")),
    ("ExifIFD:FNumber", "f/{}", re.compile(r"\d{1,3}(?:\.\d{1,3})?")),
    ("ExifIFD:ISO", "ISO {}", re.compile(r"\d{1,8}")),
    ("ExifIFD:FocalLength", "{}", re.compile(r"\d{1,5}(?:\.\d{1,3})? mm")),
)
"""Field, how it is told, and its value as ExifTool prints it; a value of no number, or of zeros, is no exposure."""

_TAPE = "XMP-xmpDM:TapeName"
_CAMERA_FIELDS = ("IFD0:Make", "IFD0:Model")
_KEPT = frozenset((*_CAMERA_FIELDS, *_CAPTURE_FIELDS, *_IDENTITY_FIELDS, _TAPE, *(field for field, _, _ in _EXPOSURE_FIELDS)))


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Facts of one file, empty or 0 where its metadata says nothing."""

    camera: str = ""
    exposure: str = ""
    """As in `Examination.exposure`."""
    width: int = 0
    height: int = 0
    captured: str = ""
    uuids: tuple[str, ...] = ()
    """Identities of the file and of the document that it is a state of, as XMP has them, in lower case."""
    tape: str = ""
    frame_rate: Fraction | None = None
    timecode: str = ""
    """As in `Examination.timecode`."""

    @classmethod
    def of(cls, metadata: Outcome) -> FileFacts:
        """Return the facts among what the metadata reader got."""
        told = dict(pairs_of(metadata))
        by_tag = {field.partition(":")[2]: value for field, value in pairs_of(metadata)}
        width, height = (by_tag.get(name, "") for name in _SIZE_FIELDS)
        camera = " ".join(part for part in (told.get(field, "") for field in _CAMERA_FIELDS) if part)
        return cls(
            # ComfyUI keeps whole graphs in Make and Model; a camera's name is short.
            camera=camera if len(camera) <= _CAMERA_LIMIT else "",
            exposure=_exposure(told),
            width=int(width) if width.isdigit() else 0,
            height=int(height) if height.isdigit() else 0,
            captured=" ".join(told[name] for name in _CAPTURE_FIELDS if name in told)[:_CAMERA_LIMIT],
            uuids=tuple(dict.fromkeys(found for name in _IDENTITY_FIELDS if (found := _uuid(told.get(name, ""))))),
            tape=told.get(_TAPE, "")[:_CAMERA_LIMIT],
            frame_rate=frame_rate(told),
            timecode=frame_timecode(told),
        )


def is_fact(field: str) -> bool:
    """Whether a still picture's examination keeps what `field` says, marks aside."""
    return field in _KEPT or field.partition(":")[2] in _SIZE_FIELDS


def identify(task: ExamineTask, file_format: Format, facts: FileFacts) -> MediaIdentity:
    """Return what a cut can know a file by, from its container and its metadata."""
    try:
        read = UNKNOWN_MEDIA if task.sidecar else read_identity(task.path, file_format.name, task.size_bytes)
    except OSError:
        read = UNKNOWN_MEDIA
    return replace(read, uuids=(*read.uuids, *facts.uuids), tape=read.tape or facts.tape)


def _uuid(written: str) -> str:
    return _IDENTITY_PREFIX.sub("", written.lower())[:_CAMERA_LIMIT]


def _exposure(told: Mapping[str, str]) -> str:
    facts = [
        form.format(value)
        for field, form, pattern in _EXPOSURE_FIELDS
        if pattern.fullmatch(value := told.get(field, "")) and value.strip("0./ m")
    ]
    # One fact alone a scanner or an editor writes too; two are an exposure.
    return ", ".join(facts) if len(facts) > 1 else ""


def statements_of(outcome: Outcome) -> tuple[Statement, ...]:
    """Return what a reader got, whatever else became of the reading."""
    match outcome:
        case Found(statements=statements) | Failed(statements=statements) | NotFound(statements=statements):
            return statements
        case NotTried():
            return ()


def pairs_of(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Field and value of each statement; of several with one name the first comes last, so that a dict keeps it."""
    for statement in reversed(statements_of(outcome)):
        yield statement.field, statement.value
