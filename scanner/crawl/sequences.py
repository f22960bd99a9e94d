"""Numbered frames as one asset.

The crawl knows only names, so it finds *candidates*: files of one folder that differ in their frame number alone, at least
`MIN_FRAMES` of them, with at most half of their range missing. Once the frames are read, `confirm` says whether they are one
picture sequence; numbered camera pictures and pictures of several sizes are not.

Paths stand in fileseq's notation, ``shots/a.1001-1045#.exr``. Names are split here and not by fileseq 3.4, which drops a name
with a newline, raises on forty digits, and takes the hyphen of ``x-0001.png`` for a minus sign, which turns the order round.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from fileseq.filesequence import FileSequence

from scanner.model.assets import Asset, FileEntry
from scanner.model.formats import UNKNOWN_FORMAT

MIN_FRAMES = 8
"""Fewer numbered files are files: DESIGN, contracts."""

MAX_DIGITS = 9
"""Longer digit runs are time stamps and serial numbers; nine digits number a year of film at 25 frames a second."""

_EXTENSION_LIST = (
    "exr dpx cin tif tiff png jpg jpeg jpe jp2 j2c j2k jpx jxl tga bmp webp psd psb ari arx dng "
    "sgi rgb rgba iff hdr pic rla sxr avif ppm pgm pfm"
)
STILL_EXTENSIONS = frozenset(_EXTENSION_LIST.split())
"""Extensions, lower case, whose numbered files can be frames. Film, sound, text and photographers' raw files never are."""

_DIGITS = "0123456789"
_VERSION = re.compile(r"(?:^|[^a-z])(?:v|ver|version|rev)$", re.IGNORECASE)
_RESOURCE_FORK = "._"
_SIGNED = (".-", "_-")


@dataclass(frozen=True, slots=True)
class Numbering:
    """One file's name, taken apart."""

    folder: str
    """With its closing slash; empty at the root."""
    base: str
    frame: str
    """The number as written, ``-`` included."""
    extension: str
    """With its dot."""


_Numbered = tuple[str, FileEntry]
"""A frame number as written, and its file: a delivery may have a million, so that they are no more than that."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Files whose names make them one sequence."""

    folder: str
    base: str
    extension: str
    width: int
    """Characters of the shortest frame number: its padding."""
    files: tuple[FileEntry, ...]
    """In frame order."""
    frames: tuple[int, ...]

    @property
    def path(self) -> str:
        """Path in fileseq notation, ``shots/a.1001-1045#.exr``: first and last frame; gaps stand in `missing`."""
        padding = FileSequence.getPaddingChars(self.width)
        return f"{self.folder}{self.base}{_span(self.frames[0], self.frames[-1])}{padding}{self.extension}"

    @property
    def missing(self) -> str:
        """Frames missing inside the range, ``1010,1020-1022``."""
        return _gaps(self.frames)


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """What reading a frame told about it; all fields are empty where it could not be read."""

    format: str
    width: int = 0
    """Pixels; 0 where not known."""
    height: int = 0
    captured: str = ""
    """Capture date as the camera wrote it."""
    camera: str = ""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What is left of a candidate once its frames are read."""

    sequences: tuple[tuple[int, ...], ...]
    """Indices into the asset's `files`: each group is a sequence, every other file stands alone."""
    reason: str = ""
    """Why it is not the one sequence that its names promised, as a sentence; empty where it is."""

    @property
    def whole(self) -> bool:
        """Whether the candidate is one sequence, with all its files."""
        return not self.reason


def ranges(frames: Iterable[int]) -> str:
    """Return frame numbers as ranges, ``1010,1020-1022``."""
    spans: list[tuple[int, int]] = []
    for frame in sorted(set(frames)):
        if spans and frame == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], frame)
        else:
            spans.append((frame, frame))
    return ",".join(_span(first, last) for first, last in spans)


def find_candidates(files: Sequence[FileEntry]) -> tuple[Candidate, ...]:
    """Return the groups of files that their names make one sequence; a file is in one group at most."""
    families: defaultdict[tuple[str, str], list[_Numbered]] = defaultdict(list)
    for file in files:
        if parts := _cut_number(file.path):
            head, frame, ending = parts
            families[head, ending].append((frame, file))
    return tuple(
        _candidate(head, ending, run)
        for (head, ending), family in families.items()
        if len(family) >= MIN_FRAMES
        for group in _by_padding(family)
        for run in _runs(group)
        if len(run) >= MIN_FRAMES
    )


def split_name(path: str) -> Numbering | None:
    """Take the frame number out of a file's path, or return None where the name has none.

    The number stands right before the extension. A hyphen before it is a minus sign only after a dot or underscore
    (``a.-005.exr``). ``still_v003.png`` is a version, and ``._a.1001.exr`` belongs to macOS, not to the picture.
    """
    parts = _cut_number(path)
    if parts is None:
        return None
    head, frame, ending = parts
    return Numbering(*_cut_folder(head), frame, f".{ending}")


def confirm(asset: Asset, facts: Sequence[FrameFacts | None]) -> Confirmation:
    """Say what an unconfirmed sequence is, now that its frames are read; `facts` stand in the order of its `files`.

    A frame of unknown size (truncated, vanished) that is of no other format contradicts nothing and stays a member; that it
    could not be read is for the judge to weigh.
    """
    if _from_camera(facts):
        return Confirmation((), "numbered camera pictures, each with its own capture date")
    kept = _of_main_shape(facts)
    if len(kept) == len(facts):
        return Confirmation((tuple(range(len(facts))),))
    runs = _runs_of_frames([asset.frames[index] for index in kept])
    sequences = tuple(tuple(kept[at] for at in run) for run in runs if len(run) >= MIN_FRAMES)
    return Confirmation(sequences, _why_broken(len(facts), sequences))


def rebuild(files: Sequence[FileEntry]) -> Candidate:
    """Return the candidate that some frames of an earlier candidate make, in their order."""
    cut = [(parts, file) for file in files if (parts := _cut_number(file.path))]
    head, _, ending = cut[0][0]
    return _candidate(head, ending, [(frame, file) for (_, frame, _), file in cut])


def _cut_number(path: str) -> tuple[str, str, str] | None:
    """Part a path into what stands before its frame number, the number, and the extension without its dot."""
    stem, _, ending = path.rpartition(".")
    head = stem.rstrip(_DIGITS)
    digits = stem[len(head) :]
    if not digits or len(digits) > MAX_DIGITS or not _may_number(head, ending):
        return None
    if head.endswith(_SIGNED) and int(digits):
        return head[:-1], f"-{digits}", ending
    return head, digits, ending


@lru_cache(maxsize=1024)
def _may_number(head: str, ending: str) -> bool:
    """Whether what stands around a number makes it that of a frame; asked again for each frame of a sequence."""
    if ending.lower() not in STILL_EXTENSIONS:
        return False
    return not _cut_folder(head)[1].startswith(_RESOURCE_FORK) and not _VERSION.search(head)


def _cut_folder(path: str) -> tuple[str, str]:
    cut = path.rfind("/") + 1
    return path[:cut], path[cut:]


def _by_padding(family: list[_Numbered]) -> list[list[_Numbered]]:
    """Part ``a.0999`` from ``a.999``: numbers written to different widths are different sequences.

    A number without leading zero belongs to the widest padding seen that it fills or outgrows (``%04d`` writes 10000), else
    to the unpadded ones. So no two files of a group bear the same number.
    """
    if len({len(frame) for frame, _ in family}) == 1:
        return [sorted(family, key=_number)]
    widths = sorted({len(frame) for frame, _ in family if _is_padded(frame)}, reverse=True)
    groups: dict[int, list[_Numbered]] = {}
    for frame, file in family:
        length = len(frame)
        width = length if _is_padded(frame) else next((width for width in widths if width <= length), 0)
        groups.setdefault(width, []).append((frame, file))
    return [sorted(group, key=_number) for group in groups.values()]


def _is_padded(frame: str) -> bool:
    """Whether leading zeros show how wide numbers are written here."""
    digits = frame.lstrip("-")
    return len(digits) > 1 and digits[0] == "0"


def _number(numbered: _Numbered) -> int:
    return int(numbered[0])


def _runs(group: list[_Numbered]) -> list[list[_Numbered]]:
    return [[group[at] for at in run] for run in _runs_of_frames([int(frame) for frame, _ in group])]


def _runs_of_frames(frames: list[int]) -> list[list[int]]:
    """Part ascending frame numbers into runs that miss at most half of their range; return indices.

    All of them are one run where that holds for all. Otherwise each run takes frames for as long as it holds, so that
    ``9999`` after ``1001-1045`` costs the sequence nothing.
    """
    if frames and _dense(frames[0], frames[-1], len(frames)):
        return [list(range(len(frames)))]
    runs: list[list[int]] = []
    for index, frame in enumerate(frames):
        if runs and _dense(frames[runs[-1][0]], frame, len(runs[-1]) + 1):
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _dense(first: int, last: int, count: int) -> bool:
    return 2 * count >= last - first + 1


def _candidate(head: str, ending: str, run: list[_Numbered]) -> Candidate:
    folder, base = _cut_folder(head)
    width = min(len(frame) for frame, _ in run)
    frames = tuple(int(frame) for frame, _ in run)
    return Candidate(folder, base, f".{ending}", width, tuple(file for _, file in run), frames)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _gaps(frames: Sequence[int]) -> str:
    """Ranges between ascending frames, without ever listing what is missing."""
    if frames[-1] - frames[0] + 1 == len(frames):
        return ""
    return ",".join(_span(old + 1, new - 1) for old, new in pairwise(frames) if new > old + 1)


def _from_camera(facts: Sequence[FrameFacts | None]) -> bool:
    """Whether most frames bear a camera and a date that few others share; film scanners date a whole roll alike."""
    dates = [fact.captured for fact in facts if fact and fact.camera and fact.captured]
    return 2 * len(set(dates)) > len(facts)


def _of_main_shape(facts: Sequence[FrameFacts | None]) -> list[int]:
    """Indices of the frames of the most common format and size, with those of which nothing speaks against it."""
    shapes = [_shape(fact) for fact in facts]
    counts = Counter(shape for shape in shapes if shape[1]) or Counter(shape for shape in shapes if shape[0])
    if not counts:
        return list(range(len(facts)))
    main = max(counts, key=lambda shape: (counts[shape], shape))
    unread = ((main[0], 0, 0), ("", 0, 0))
    return [index for index, shape in enumerate(shapes) if shape == main or shape in unread]


def _shape(fact: FrameFacts | None) -> tuple[str, int, int]:
    """Format, width and height, zero and empty where not known."""
    if fact is None:
        return ("", 0, 0)
    name = "" if fact.format == UNKNOWN_FORMAT.name else fact.format
    return (name, fact.width, fact.height) if fact.width and fact.height else (name, 0, 0)


def _why_broken(count: int, sequences: tuple[tuple[int, ...], ...]) -> str:
    alone = count - sum(len(sequence) for sequence in sequences)
    if not sequences:
        return f"fewer than {MIN_FRAMES} of the {count} numbered files share one format and picture size"
    files = "file has" if alone == 1 else "files have"
    return f"{alone} of the {count} numbered {files} another format or picture size, or too few neighbours left"
