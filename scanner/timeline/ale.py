"""Avid Log Exchange: a list of clips with their tapes and timecodes. It places nothing in a programme."""

from __future__ import annotations

from fractions import Fraction

from scanner.model.cut import Cut, CutError, Event, FrameRange, Source, TrackKind
from scanner.model.event_table import EventRows
from scanner.model.timecode import Rate, TimecodeError, parse_frames_per_second, parse_timecode, says_drop_frame
from scanner.timeline.content import open_text, read_content
from scanner.timeline.notes import Notes

FORMAT = "ALE"
ROWS_LIMIT = 1_000_000
_HINT = "Export the log again as ALE"
_FILES = ("Source File", "Source Path", "UNC Path", "Source File Path")
_TAPES = ("Tape", "Reel", "Reel #", "Camroll", "TapeID", "Soundroll")
_IDENTITIES = ("UMID", "UUID", "MobID", "Clip UID")


def read_ale(path: str, frames_per_second: Fraction | None) -> Cut:
    """Read an ALE; its clips become events without a place in the programme.

    Raises:
        CutError: it cannot be read, has no columns or no rate, or says another one than was given.
        TimecodeError: a timecode does not exist at this rate.
    """
    return _Reader(path, frames_per_second).read()


class _Reader:
    def __init__(self, path: str, given: Fraction | None) -> None:
        self._path = path
        self._given = given
        self._heading: dict[str, str] = {}
        self._columns: list[str] = []
        self._events = EventRows()
        self._notes = Notes()

    def read(self) -> Cut:
        section = ""
        for at, whole in enumerate(open_text(read_content(self._path), self._path), 1):
            line = whole.rstrip("\r\n")
            if line.strip() in ("Heading", "Column", "Data") and "\t" not in line.strip():
                section = line.strip()
            elif line.strip():
                self._take(section, line, at)
        if not self._columns or section != "Data":
            raise CutError("is no ALE: it has no columns, or no data", where=self._path, next_step=_HINT)
        rate = self._rate()
        return Cut(self._path, FORMAT, "", rate, self._events.table(), self._notes.sentences())

    def _take(self, section: str, line: str, at: int) -> None:
        if section == "Heading":
            name, _, value = line.partition("\t")
            self._heading[name.strip()] = value.strip()
        elif section == "Column":
            self._columns = [name.strip() for name in line.split("\t")]
        elif section == "Data":
            if len(self._events) >= ROWS_LIMIT:
                raise CutError(f"has more than {ROWS_LIMIT:,} clips", where=self._path, next_step=_HINT)
            self._list(dict(zip(self._columns, (value.strip() for value in line.split("\t")), strict=False)), at)
        else:
            raise CutError("is no ALE: it does not begin with a heading", where=self._path, next_step=_HINT)

    def _list(self, row: dict[str, str], at: int) -> None:
        place = f"line {at}"
        tracks = row.get("Tracks", "") or "V"
        source = Source(
            name=row.get("Name", ""),
            file=_first(row, _FILES),
            tape=_first(row, _TAPES),
            uuids=tuple(value.lower() for name in _IDENTITIES if (value := row.get(name))),
            range=self._range(row, place),
            rate=self._row_rate(row, place),
        )
        kinds = (TrackKind.VIDEO,) * ("V" in tracks) + (TrackKind.AUDIO,) * ("A" in tracks)
        for kind in kinds:
            self._events.append(Event(kind, tracks, None, source, place))

    def _range(self, row: dict[str, str], place: str) -> FrameRange | None:
        begin, end = row.get("Start", ""), row.get("End", "")
        if not begin or not end:
            self._notes.add("a clip has no timecode", place)
            return None
        rate = self._row_rate(row, place) or self._rate()
        try:
            first, last = parse_timecode(begin, rate), parse_timecode(end, rate)
        except TimecodeError as error:
            raise TimecodeError(error.what, where=f"{self._path}, {place}", next_step=error.next_step) from None
        return FrameRange(first, last if last >= first else last + rate.frames_a_day)

    def _row_rate(self, row: dict[str, str], place: str) -> Rate | None:
        """How a clip's own timecode is counted, where that is not the way of the list."""
        written, drop_frame = row.get("FPS", ""), says_drop_frame(row.get("Start", ""))
        usual = self._rate()
        try:
            counted = parse_frames_per_second(written) if written else usual.frames_per_second
            rate = Rate(counted, drop_frame)
        except TimecodeError as error:
            raise TimecodeError(error.what, where=f"{self._path}, {place}", next_step=error.next_step) from None
        return None if rate == usual else rate

    def _rate(self) -> Rate:
        written = self._heading.get("FPS", "")
        said = parse_frames_per_second(written, where=self._path) if written else None
        if said and self._given not in (None, said):
            raise CutError(f"counts {Rate(said)} frames a second, not as given", where=self._path, next_step="Leave --rate out")
        found = said or self._given
        if found is None:
            raise CutError("does not say its frame rate", where=self._path, next_step="Give it with --rate, such as --rate 24")
        return Rate(found)


def _first(row: dict[str, str], names: tuple[str, ...]) -> str:
    return next((row[name] for name in names if row.get(name)), "")
