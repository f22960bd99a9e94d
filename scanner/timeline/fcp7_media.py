"""What FCP7 XML says of rates, numbers and files, and the elements that it refers to by their id."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from scanner.model.cut import CutError, Source
from scanner.model.timecode import Rate, TimecodeError, can_drop, parse_timecode
from scanner.timeline.media_url import media_path
from scanner.tools.hardened_xml import Element

HINT = "Export the sequence again as Final Cut Pro XML"
_NUMBER = re.compile(r"-?\d{1,15}", re.ASCII)
_NTSC = Fraction(1000, 1001)


class Media:
    """Reads a document's values; every wrong one is an error with its line."""

    def __init__(self, root: Element, path: str) -> None:
        self._path = path
        self._sources: dict[int, tuple[Source, Fraction]] = {}
        """By the identity of the file's element: it is read once, however often it is shown."""
        self._by_id: dict[tuple[str, str], Element] = {}
        waiting = [root]
        while waiting:
            one = waiting.pop()
            waiting += reversed(one.children)
            if (name := one.attributes.get("id")) and one.children:
                self._by_id.setdefault((one.name, name), one)

    def resolved(self, element: Element) -> Element:
        """The element itself, or the one of its id that says more than its id."""
        if element.children:
            return element
        return self._by_id.get((element.name, element.attributes.get("id", "")), element)

    def number(self, element: Element, name: str, default: int | None) -> int:
        """A whole number below an element.

        Raises:
            CutError: it is none, or missing without a default.
        """
        text = element.text_of(name)
        if not text and default is not None:
            return default
        if not _NUMBER.fullmatch(text):
            raise self._wrong(f"{name} of <{element.name}> is {text[:20]!r}, not a number", element)
        return int(text)

    def frames_per_second(self, element: Element, default: Fraction | None) -> Fraction:
        """The rate below an element."""
        rate = element.first("rate")
        if rate is None and default is not None:
            return default
        timebase = self.number(rate, "timebase", None) if rate else 0
        if rate is None or not 0 < timebase <= 240:
            raise self._wrong(f"<{element.name}> has no frame rate", element)
        return timebase * (_NTSC if rate.text_of("ntsc").upper() == "TRUE" else Fraction(1))

    def numbering(self, element: Element, default: Fraction | None) -> tuple[Rate, int]:
        """How the frames of a sequence or file are numbered, and the number of its first one; 0 where that is not said."""
        frames_per_second = self.frames_per_second(element, default)
        timecode = element.first("timecode")
        if timecode is None:
            return Rate(frames_per_second), 0
        try:
            counted = self.frames_per_second(timecode, frames_per_second)
            # Premiere writes DF beside titles and stills of 30 frames a second; of a sequence it would be an error.
            drop_frame = timecode.text_of("displayformat") == "DF" and (element.name == "sequence" or can_drop(counted))
            rate = Rate(counted, drop_frame)
            if timecode.text_of("frame"):
                return rate, self.number(timecode, "frame", 0)
            text = timecode.text_of("string")
            return rate, parse_timecode(text, rate) if text else 0
        except TimecodeError as error:
            raise TimecodeError(error.what, where=f"{self._path}, line {timecode.line}", next_step=HINT) from None

    def source(self, file: Element, clip: Element, clip_rate: Fraction) -> tuple[Source, Fraction]:
        """The names of a clip's file without its range, and the second of its own timecode at which it begins."""
        if id(file) not in self._sources:
            rate, first = self.numbering(file, clip_rate)
            name = file.text_of("name")
            path = media_path(file.text_of("pathurl")) or name
            self._sources[id(file)] = Source(name, path, file.text_of("timecode", "reel", "name"), rate=rate), rate.seconds(first)
        source, begins = self._sources[id(file)]
        return replace(source, name=clip.text_of("name") or source.name), begins

    def _wrong(self, what: str, element: Element) -> CutError:
        return CutError(what, where=f"{self._path}, line {element.line}", next_step=HINT)
