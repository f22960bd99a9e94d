"""EDLs as CMX 3600 made them, and as editing programs write them now.

The format has no frame rate: it is given. Drop-frame is what the file says: an ``FCM`` line, or a semicolon in a timecode.
Programme times are in the way that the first of both says; sources are each in the way that was said last before them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TextIO

from scanner.model.cut import Cut, CutError, Event, FrameRange, Source, TrackKind, Transition, TransitionKind
from scanner.model.event_table import EventRows
from scanner.model.timecode import Rate, TimecodeError, can_drop, parse_timecode, says_drop_frame
from scanner.timeline.content import open_text, read_content
from scanner.timeline.edl_line import EventLine, SpeedLine, looks_like_event, parse_event, parse_remark, parse_speed
from scanner.timeline.notes import Notes

EVENTS_LIMIT = 1_000_000
FORMAT = "EDL (CMX 3600)"

_LINE_LIMIT = 4096
"""Characters of a line that are looked at; lines of the format have 80, paths in comments some hundred."""
_LASTS_OTHERWISE = "an event lasts other than its source does and says no speed; the programme's time is kept"
_REAL_TIME = Fraction(1)
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
    decisions: list[_Decision] = field(default_factory=list)


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
        self._rate: Rate | None = None
        """Of the programme; known with the first event."""
        self._rates = {False: Rate(frames_per_second)}
        self._events = EventRows()
        self._last: dict[tuple[TrackKind, str], tuple[int, Event]] = {}
        """Of each track: its last event, and that one's number."""
        self._notes = Notes()

    def read(self, text: TextIO) -> Cut:
        for edit in self._edits(text):
            self._settle(edit)
        if self._rate is None:
            raise CutError("holds no edit decision", where=self._path, next_step="Export it as an EDL of type CMX 3600")
        return Cut(self._path, FORMAT, self._title, self._rate, self._events.table(), self._notes.sentences())

    def _edits(self, text: TextIO) -> Iterator[_Edit]:
        edit: _Edit | None = None
        for at, whole in enumerate(text, 1):
            line = whole[:_LINE_LIMIT]
            if decision := parse_event(line):
                if edit is None or edit.number != decision.number or len(edit.decisions) >= _MOST_DECISIONS:
                    if edit:
                        yield edit
                    edit = _Edit(decision.number)
                edit.decisions.append(_Decision(decision, at, bool(self._mode)))
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
        elif speed := parse_speed(line):
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
        for position, decision in enumerate(edit.decisions):
            try:
                self._place(decision, is_last=position == len(edit.decisions) - 1)
            except TimecodeError as error:
                raise TimecodeError(error.what, where=f"{self._path}, line {decision.at}", next_step=error.next_step) from None

    def _place(self, decision: _Decision, *, is_last: bool) -> None:
        line, place = decision.line, f"line {decision.at}"
        rate = self._rate or self._settle_rate(decision)
        programme = self._range(line.record_in, line.record_out, rate, place)
        transition = _transition(line)
        kinds = _kinds(line.track)
        if not kinds:
            self._notes.add(f"edits on a track that carries no picture and no sound are left out: {line.track[:20]}", place)
        for kind in kinds:
            if transition:
                self._let_out((kind, line.track), programme.start, transition)
            # A zero-length line says only what the dissolve after it comes from.
            if line.reel.upper() in _BLACK or (not programme.duration and is_last):
                continue
            event = Event(
                kind=kind,
                track=line.track,
                programme=programme,
                source=self._source(decision, rate, place),
                place=place,
                transition_in=transition,
                speed=Fraction(decision.speed) / rate.nominal if decision.speed else _REAL_TIME,
            )
            self._keep(event)

    def _keep(self, event: Event) -> None:
        if len(self._events) >= EVENTS_LIMIT:
            raise CutError(f"has more than {EVENTS_LIMIT:,} events", where=self._path, next_step="Export it a reel at a time")
        source = event.source.range
        if event.programme and source and event.speed == 1 and source.duration != event.programme.duration:
            self._notes.add(_LASTS_OTHERWISE, event.place)
        self._last[event.kind, event.track] = len(self._events), event
        self._events.append(event)

    def _let_out(self, track: tuple[TrackKind, str], start: int, transition: Transition) -> None:
        """Let the event before go on through the transition; the format ends it where the transition begins."""
        index, before = self._last.get(track, (0, None))
        if before is None or before.programme is None or before.programme.end != start:
            return
        source = before.source
        if source.range:
            more = round(transition.frames * before.speed) if before.speed > 0 else 0
            source = replace(source, range=FrameRange(source.range.start, source.range.end + more))
        programme = FrameRange(before.programme.start, before.programme.end + transition.frames)
        longer = replace(before, programme=programme, source=source, transition_out=transition)
        self._events.set(index, longer)
        self._last[track] = index, longer

    def _settle_rate(self, decision: _Decision) -> Rate:
        drop = decision.drop_frame or says_drop_frame(decision.line.record_in)
        if not drop and self._mode is None and can_drop(self._frames_per_second):
            self._notes.add("says nothing of drop-frame; its times are taken as non-drop")
        self._rate = self._counting(drop)
        return self._rate

    def _counting(self, drop_frame: bool) -> Rate:
        if drop_frame not in self._rates:
            self._rates[drop_frame] = Rate(self._frames_per_second, drop_frame)
        return self._rates[drop_frame]

    def _source(self, decision: _Decision, programme_rate: Rate, place: str) -> Source:
        line = decision.line
        rate = self._counting(decision.drop_frame or says_drop_frame(line.source_in))
        begin, end = line.source_in, line.source_out
        if decision.speed.startswith("-") and end < begin:
            # Some programs write a reversed source from its last frame to its first.
            begin, end = end, begin
        return Source(
            name=decision.name,
            file=decision.file,
            tape="" if line.reel.upper() in _NO_TAPE else line.reel,
            uuids=(decision.uuid,) if decision.uuid else (),
            range=self._range(begin, end, rate, place),
            rate=None if rate == programme_rate else rate,
        )

    def _range(self, begin: str, end: str, rate: Rate, place: str) -> FrameRange:
        first, last = parse_timecode(begin, rate), parse_timecode(end, rate)
        if last < first:
            last += rate.frames_a_day
            if last - first > rate.frames_a_day // 2:
                raise CutError(
                    f"ends at {end}, before it begins at {begin}",
                    where=f"{self._path}, {place}",
                    next_step="Export the EDL again",
                )
        return FrameRange(first, last)


def _spoken_of(edit: _Edit, field_name: str, *, incoming: bool) -> list[_Decision]:
    """The lines that a remark names: those of a picture and its sound at once, but none that has been named."""
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


def _kinds(track: str) -> tuple[TrackKind, ...]:
    if track == "NONE":
        return ()
    video, audio = "V" in track or "B" in track, "A" in track or "B" in track
    return (TrackKind.VIDEO,) * video + (TrackKind.AUDIO,) * audio
