"""EDLs as CMX 3600 made them, and as editing programs write them now.

The format has no frame rate: it is given. Drop-frame is what the file says: an ``FCM`` line, or a semicolon in a timecode.
Programme times are in the way that the first of both says; sources are each in the way that was said last before them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import TextIO

from scanner.model.cut import Cut, CutError, FrameRange, TrackKind, Transition, TransitionKind
from scanner.model.event_table import REAL_TIME, EventRows
from scanner.model.timecode import DROP_SIGNS, Rate, TimecodeError, TimecodeReader, can_drop
from scanner.timeline.content import open_text, read_content
from scanner.timeline.edl_line import EventLine, SpeedLine, looks_like_event, parse_event, parse_remark, parse_speed
from scanner.timeline.notes import Notes

EVENTS_LIMIT = 1_000_000
FORMAT = "EDL (CMX 3600)"

_LINE_LIMIT = 4096
"""Characters of a line that are looked at; lines of the format have 80, paths in comments some hundred."""
_LASTS_OTHERWISE = "an event lasts other than its source does and says no speed; the programme's time is kept"
_SIGN = 8
"""Where a timecode has the sign before its frames."""
_BLACK = {"BL", "BLK", "BLACK"}
_NO_TAPE = {"AX", "AUX"}
_MOST_DECISIONS = 16
"""Of one edit: a file in which all have one number would else be one edit, looked through for each of its remarks."""
_NAMES = {"FROM CLIP NAME": False, "TO CLIP NAME": True, "KEY CLIP NAME": True}
"""Whether a remark speaks of what comes in, or of what was there."""
_FILES = {"TO CLIP": True, "TO FILE": True, "FROM CLIP": False, "FROM FILE": False}
_FILES_IN_ORDER = {"SOURCE FILE", "SOURCE FILE PATH", "FILE PATH", "CLIP PATH", "UNC PATH"}
_IDENTITIES = {"UUID", "UMID", "MOB ID"}
_MODES = {"DROP FRAME": True, "NON-DROP FRAME": False, "NON DROP FRAME": False, "DF": True, "NDF": False}


@dataclass(slots=True)
class _Decision:
    """One line of an edit, with what the lines after it say of it."""

    line: EventLine
    at: int
    """Line number."""
    drop_frame: bool
    """What was said last about the numbering of frames."""
    name: str = ""
    file: str = ""
    uuid: str = ""
    speed: str = ""


@dataclass(slots=True)
class _Edit:
    number: str
    decisions: list[_Decision]


def read_edl(path: str, frames_per_second: Fraction | None) -> Cut:
    """Read an EDL.

    Raises:
        CutError: no rate was given, it cannot be read, or a line of it cannot be understood.
        TimecodeError: a timecode does not exist at this rate.
    """
    text = open_text(read_content(path), path)
    if frames_per_second is None:
        raise CutError("an EDL does not say its frame rate", where=path, next_step="Give it with --rate, such as --rate 23.976")
    return _Reader(path, frames_per_second).read(text)


class _Reader:
    def __init__(self, path: str, frames_per_second: Fraction) -> None:
        self._path = path
        self._frames_per_second = frames_per_second
        self._title = ""
        self._mode: bool | None = None
        """Drop-frame or not, as an FCM line said last."""
        self._counting: TimecodeReader | None = None
        """Of the programme; known with the first event."""
        self._countings = {False: TimecodeReader(Rate(frames_per_second))}
        self._events = EventRows()
        self._last: dict[tuple[TrackKind, str], int] = {}
        """Of each track: its last event."""
        self._notes = Notes()

    def read(self, text: TextIO) -> Cut:
        # The text goes before the events are put together: a long list holds its memory twice otherwise.
        with text:
            for edit in self._edits(text):
                self._settle(edit)
        if self._counting is None:
            raise CutError("holds no edit decision", where=self._path, next_step="Export it as an EDL of type CMX 3600")
        return Cut(self._path, FORMAT, self._title, self._counting.rate, self._events.table(), self._notes.sentences())

    def _edits(self, text: TextIO) -> Iterator[_Edit]:
        edit: _Edit | None = None
        for at, whole in enumerate(text, 1):
            line = whole[:_LINE_LIMIT]
            if line.startswith("*"):
                self._hear(line, edit)
            elif decision := parse_event(line):
                if edit is None or edit.number != decision.number or len(edit.decisions) >= _MOST_DECISIONS:
                    if edit:
                        yield edit
                    edit = _Edit(decision.number, [])
                edit.decisions.append(_Decision(decision, at, self._mode or False))
            elif looks_like_event(line):
                raise CutError(
                    "the edit decision is not whole: it has a number, reel, track, type and four timecodes",
                    where=f"{self._path}, line {at}",
                    next_step="Export the EDL again as CMX 3600",
                )
            elif line.strip():
                self._hear(line, edit)
        if edit:
            yield edit

    def _hear(self, line: str, edit: _Edit | None) -> None:
        """Take in a line that is no decision."""
        key, value = parse_remark(line)
        if key == "TITLE":
            self._title = self._title or value
        elif key == "FCM":
            self._mode = _MODES.get(" ".join(value.upper().split()), self._mode)
        elif edit is None:
            return
        elif not line.startswith("*") and (speed := parse_speed(line)):
            _set_speed(edit, speed)
        elif key in _NAMES:
            for one in _spoken_of(edit, "name", incoming=_NAMES[key]):
                one.name = value
        elif key in _FILES:
            for one in _spoken_of(edit, "file", incoming=_FILES[key]):
                one.file = value
        elif key in _FILES_IN_ORDER:
            _first_without(edit, "file").file = value
        elif key in _IDENTITIES:
            _first_without(edit, "uuid").uuid = value.lower()

    def _settle(self, edit: _Edit) -> None:
        last = edit.decisions[-1]
        for decision in edit.decisions:
            try:
                self._place(decision, is_last=decision is last)
            except TimecodeError as error:
                raise TimecodeError(error.what, where=f"{self._path}, line {decision.at}", next_step=error.next_step) from None

    def _place(self, decision: _Decision, *, is_last: bool) -> None:
        line = decision.line
        counting = self._counting or self._settle_counting(decision)
        programme = counting.read_both(line.record_in, line.record_out)
        if programme[1] < programme[0]:
            programme = self._past_midnight(programme, (line.record_in, line.record_out), counting, decision.at)
        transition = None if line.type == "C" else _transition(line)
        kinds = _kinds(line.track)
        if not kinds:
            self._notes.add(
                f"edits on a track that carries no picture and no sound are left out: {line.track[:20]}", f"line {decision.at}"
            )
        for kind in kinds:
            if transition:
                self._let_out((kind, line.track), programme[0], transition)
            # A zero-length line says only what the dissolve after it comes from.
            if line.reel.upper() in _BLACK or (is_last and programme[0] == programme[1]):
                continue
            self._keep(decision, kind, programme, transition)

    def _keep(self, decision: _Decision, kind: TrackKind, programme: tuple[int, int], transition: Transition | None) -> None:
        line = decision.line
        drop_frame = decision.drop_frame or line.source_in[_SIGN] in DROP_SIGNS
        counted = self._countings.get(drop_frame) or self._counted(drop_frame)
        begin, end = line.source_in, line.source_out
        if decision.speed.startswith("-") and end < begin:
            # Some programs write a reversed source from its last frame to its first.
            begin, end = end, begin
        shown = counted.read_both(begin, end)
        if shown[1] < shown[0]:
            shown = self._past_midnight(shown, (begin, end), counted, decision.at)
        speed = Fraction(decision.speed) / counted.rate.nominal if decision.speed else REAL_TIME
        if shown[1] - shown[0] != programme[1] - programme[0] and speed == REAL_TIME:
            self._notes.add(_LASTS_OTHERWISE, f"line {decision.at}")
        self._last[kind, line.track] = at = len(self._events)
        if at >= EVENTS_LIMIT:
            raise CutError(f"has more than {EVENTS_LIMIT:,} events", where=self._path, next_step="Export it a reel at a time")
        self._events.append_edit(
            kind,
            line.track,
            programme,
            (decision.name, decision.file, "" if line.reel.upper() in _NO_TAPE else line.reel),
            decision.uuid,
            shown,
            None if counted is self._counting else counted.rate,
            decision.at,
            speed,
            transition,
        )

    def _let_out(self, track: tuple[TrackKind, str], start: int, transition: Transition) -> None:
        """Let the event before go on through the transition; the format ends it where the transition begins."""
        index = self._last.get(track)
        before = self._events[index] if index is not None else None
        if index is None or before is None or before.programme is None or before.programme.end != start:
            return
        source = before.source
        if source.range:
            more = round(transition.frames * before.speed) if before.speed > 0 else 0
            source = replace(source, range=FrameRange(source.range.start, source.range.end + more))
        programme = FrameRange(before.programme.start, before.programme.end + transition.frames)
        self._events[index] = replace(before, programme=programme, source=source, transition_out=transition)

    def _settle_counting(self, decision: _Decision) -> TimecodeReader:
        drop = decision.drop_frame or decision.line.record_in[_SIGN] in DROP_SIGNS
        if not drop and self._mode is None and can_drop(self._frames_per_second):
            self._notes.add("says nothing of drop-frame; its times are taken as non-drop")
        self._counting = self._counted(drop)
        return self._counting

    def _counted(self, drop_frame: bool) -> TimecodeReader:
        if drop_frame not in self._countings:
            self._countings[drop_frame] = TimecodeReader(Rate(self._frames_per_second, drop_frame))
        return self._countings[drop_frame]

    def _past_midnight(
        self, found: tuple[int, int], written: tuple[str, str], counted: TimecodeReader, line: int
    ) -> tuple[int, int]:
        first, last = found[0], found[1] + counted.rate.frames_a_day
        if last - first > counted.rate.frames_a_day // 2:
            raise CutError(
                f"ends at {written[1]}, before it begins at {written[0]}",
                where=f"{self._path}, line {line}",
                next_step="Export the EDL again",
            )
        return first, last


def _spoken_of(edit: _Edit, field_name: str, *, incoming: bool) -> list[_Decision]:
    """The lines that a remark names: those of a picture and its sound at once, but none that has been named."""
    if len(edit.decisions) == 1:
        return edit.decisions
    if incoming:
        lines = [one for one in edit.decisions if one.line.type != "C"] or edit.decisions[-1:]
    else:
        lines = [one for one in edit.decisions if one.line.type == "C"] or edit.decisions[:1]
    return [one for one in lines if not getattr(one, field_name)] or lines[-1:]


def _first_without(edit: _Edit, field_name: str) -> _Decision:
    """Remarks of one kind come in the order of the lines that they speak of."""
    return next((one for one in edit.decisions if not getattr(one, field_name)), edit.decisions[-1])


def _set_speed(edit: _Edit, speed: SpeedLine) -> None:
    reels = [one for one in edit.decisions if one.line.reel == speed.reel] or edit.decisions
    exact = [one for one in reels if one.line.source_in == speed.source_in]
    (exact or reels)[-1].speed = speed.frames_per_second


def _transition(line: EventLine) -> Transition | None:
    if line.type == "D":
        return Transition(TransitionKind.DISSOLVE, line.frames)
    if line.type.startswith("W"):
        return Transition(TransitionKind.WIPE, line.frames, line.type)
    # A key's frames are its fade; KB is the picture behind it, which runs on.
    return Transition(TransitionKind.KEY, line.frames, line.type) if line.type in ("K", "KO") else None


@lru_cache(maxsize=256)
def _kinds(track: str) -> tuple[TrackKind, ...]:
    if track == "NONE":
        return ()
    video, audio = "V" in track or "B" in track, "A" in track or "B" in track
    return (TrackKind.VIDEO,) * video + (TrackKind.AUDIO,) * audio
