"""One mutant through the real examiner and the default policy, and what is to be said of it."""

from __future__ import annotations

import re
import signal
import tempfile
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from benchmarks.mutation.carriers import Carrier, find_carriers, find_intact, is_telling, stands_anywhere
from scanner.judge.decide import judge_asset
from scanner.judge.policy import load_packaged
from scanner.judge.subject import Surroundings
from scanner.model.assets import Asset, FileEntry
from scanner.model.judging import Verdict, Zone, ZoneChoice
from scanner.model.readings import WALKED_NOTES, Found, NotFound, Outcome
from scanner.model.work import Examination, ExamineTask
from scanner.pipeline.examine import Examiner
from scanner.pipeline.gather import gather
from scanner.pipeline.records import subject_of
from scanner.pipeline.settings import WorkerSettings
from scanner.read.exiftool import ExifToolReader

DEADLINE_SECONDS = 90
_REQUIRED = frozenset({"probe", "exiftool", "c2pa", "residue"})
"""Readers that must not fail in what passes; named here again, so that a change of the scanner's own list shows."""
_DAMAGE = re.compile(
    r"truncat|corrupt|damag|error|unexpected end|broken|invalid|malformed|^bad |lost|missing|not found|ends inside|incomplete",
    re.I,
)
_SPARE = re.compile(r"\[minor\]|maker ?notes?|preview|thumbnail|invalid ID3 frame size|for IFD1 |\bGPS\b|ICC_Profile", re.I)
"""ID3 frame sizes are doubted in a whole file too (corpus, cicadas_trusted.mp3); IFD1 is the thumbnail's directory;
positions and colour profiles bear no mark."""

VIOLATIONS = (
    "crash",
    "late",
    "pass: a reader failed",
    "pass: a reader warned of damage",
    "pass: mark stands intact",
    "ExifTool was not asked and had more to say",
)
"""Classes of which a run must count none."""


@dataclass(frozen=True, slots=True)
class Original:
    """A file that mutants are made of."""

    name: str
    content: bytes
    suffix: str
    carriers: tuple[Carrier, ...] = ()
    marked: bool = False
    """Whether a final zone refuses it for a mark."""
    warnings: frozenset[str] = frozenset()
    """What ExifTool says of it as it is."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one mutant."""

    number: int
    name: str
    change: str
    outcome: str
    """Its class: one of `VIOLATIONS`, or what else there is to say."""
    verdict: str = ""
    seconds: float = 0.0
    told: tuple[str, ...] = field(default=())
    """Readings that failed, warnings, or the traceback."""


@dataclass(frozen=True, slots=True)
class _Seen:
    examination: Examination
    verdict: Verdict
    warnings: tuple[str, ...]


class Bench:
    """An examiner that stays, and a scratch folder for the mutants."""

    def __init__(self) -> None:
        """Load what all trials share."""
        self._examiner = _Listening(WorkerSettings(confine=False))
        self._thorough = Examiner(WorkerSettings(confine=False, thorough=True))
        self._policy = load_packaged()
        self._scratch = tempfile.TemporaryDirectory(prefix="mutants-")

    def close(self) -> None:
        """Stop ExifTool and remove the mutants."""
        self._examiner.close()
        self._thorough.close()
        self._scratch.cleanup()

    def original(self, name: str, content: bytes) -> Original:
        """Examine a file as it is and find what carries its marks."""
        suffix = Path(name).suffix
        seen = self._see(content, suffix)
        marked = seen.verdict is not Verdict.PASS and any(is_telling(mark) for mark in seen.examination.marks)
        carriers = find_carriers(content, seen.examination.marks) if marked else ()
        return Original(name, content, suffix, carriers, marked, frozenset(seen.warnings))

    def attempt(self, number: int, original: Original, change: str, mutant: bytes) -> Trial:
        """Examine a mutant and class it; whatever happens, a trial comes back."""
        began = time.monotonic()
        signal.signal(signal.SIGALRM, _ring)
        signal.alarm(DEADLINE_SECONDS)
        try:
            seen = self._see(mutant, original.suffix)
        except _TooLateError:
            return Trial(number, original.name, change, "late", seconds=time.monotonic() - began)
        except Exception:
            return Trial(number, original.name, change, "crash", told=(traceback.format_exc()[-2000:],))
        finally:
            signal.alarm(0)
        told = (*_failures(seen.examination), *sorted({*seen.warnings} - original.warnings))
        outcome = _class_of(original, mutant, seen)
        if outcome not in VIOLATIONS and self._has_more(mutant, original.suffix, seen):
            outcome = VIOLATIONS[-1]
        return Trial(number, original.name, change, outcome, seen.verdict.value, time.monotonic() - began, told)

    def _has_more(self, mutant: bytes, suffix: str, seen: _Seen) -> bool:
        """Whether a file about which ExifTool was not asked is judged otherwise when it is."""
        if not any(reading.reason in WALKED_NOTES for reading in seen.examination.readings):
            return False
        thorough = self._see(mutant, suffix, self._thorough)
        return (thorough.verdict, thorough.examination.marks) != (seen.verdict, seen.examination.marks)

    def _see(self, content: bytes, suffix: str, examiner: Examiner | None = None) -> _Seen:
        path = Path(self._scratch.name) / f"mutant{suffix}"
        path.write_bytes(content)
        examination = (examiner or self._examiner).examine(ExamineTask(0, str(path), len(content), fingerprint=True))
        file = FileEntry(f"final/{path.name}", len(content))
        asset = Asset(0, file.path, (file,), ZoneChoice(Zone.FINAL, "mutants"))
        subject = subject_of(gather(asset, [examination], []), (), None, fingerprints=True)
        verdict = judge_asset(subject, Surroundings(), self._policy).verdict
        return _Seen(examination, verdict, self._examiner.take_warnings())


class _Listening(Examiner):
    """Keeps ExifTool's warnings, which an examination does not carry."""

    def __init__(self, settings: WorkerSettings) -> None:
        super().__init__(settings)
        self._exiftool = self._reader = _ListeningReader(settings.exiftool, timeout_seconds=settings.exiftool_timeout_seconds)

    def take_warnings(self) -> tuple[str, ...]:
        """Return the last file's warnings, once."""
        warnings, self._reader.warnings = self._reader.warnings, ()
        return warnings


class _ListeningReader(ExifToolReader):
    warnings: tuple[str, ...] = ()

    def finish(self, *arguments: object, **named: object) -> Outcome:
        outcome = super().finish(*arguments, **named)  # type: ignore[arg-type]
        self.warnings = outcome.warnings if isinstance(outcome, Found | NotFound) else ()
        return outcome


class _TooLateError(Exception):
    pass


def _ring(_: int, __: FrameType | None) -> None:
    raise _TooLateError


def _failures(examination: Examination) -> tuple[str, ...]:
    return tuple(f"{one.reader}: {one.reason}" for one in examination.readings if one.state == "failed")


def _class_of(original: Original, mutant: bytes, seen: _Seen) -> str:
    """Name what came of a mutant; a violation before anything else."""
    if seen.verdict is Verdict.PASS and seen.examination.format.kind.is_media:
        if any(one.state == "failed" and one.reader in _REQUIRED for one in seen.examination.readings):
            return "pass: a reader failed"
        if any(_DAMAGE.search(text) and not _SPARE.search(text) for text in {*_warnings(seen)} - original.warnings):
            return "pass: a reader warned of damage"
    if seen.verdict is Verdict.PASS and original.marked and find_intact(original.carriers, original.content, mutant):
        return "pass: mark stands intact"
    if not original.marked:
        return f"no mark in the original: {seen.verdict.value}"
    if any(is_telling(mark) for mark in seen.examination.marks):
        return f"mark found: {seen.verdict.value}"
    return f"mark lost, {_cause(original, mutant)}: {_told(seen)}"


def _warnings(seen: _Seen) -> tuple[str, ...]:
    # What the C2PA library refuses is searched byte by byte instead: its refusal alone says nothing of damage.
    told = (one for one in seen.examination.readings if one.state == "not-found" and one.reader != "c2pa")
    reasons = (one.reason for one in told if one.reason)
    return (*seen.warnings, *reasons)


def _cause(original: Original, mutant: bytes) -> str:
    if not original.carriers:
        return "its bytes are not known"
    if find_intact(original.carriers, original.content, mutant):
        return "its bytes intact"
    return "its bytes where nothing leads" if stands_anywhere(original.carriers, mutant) else "its bytes changed"


def _told(seen: _Seen) -> str:
    if seen.verdict is not Verdict.PASS:
        return seen.verdict.value
    return "pass" if seen.examination.format.kind.is_media else f"{seen.examination.format.title}, no media"
