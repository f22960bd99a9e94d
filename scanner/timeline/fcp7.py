"""FCP7 XML (``xmeml``), as Final Cut Pro 7, Premiere, Resolve and Avid's converters write it.

Clips on a track have their place in frames of the sequence; -1 stands where a transition says it, and the clip then
reaches to the transition's far end. What was written once is referred to by its id afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from scanner.model.cut import Cut, CutError, Source, TrackKind, Transition, TransitionKind
from scanner.timeline.fcp7_media import HINT, Media
from scanner.timeline.notes import Notes
from scanner.timeline.placing import Ends, Placing, Stretch, Window
from scanner.tools.hardened_xml import Element

FORMAT = "FCP7 XML"
_ZERO, _ONE = Fraction(0), Fraction(1)
_ON_TRACKS = ("clipitem", "generatoritem", "transitionitem")


@dataclass(frozen=True, slots=True)
class _Hung:
    """How a sequence hangs in the programme."""

    at: Fraction
    """Second of the programme at which the sequence begins."""
    window: Window
    track: str
    depth: int
    kinds: tuple[TrackKind, ...] = tuple(TrackKind)
    only_track: int | None = None
    """Number of the one track that is used; None: all of them."""
    enabled: bool = True


def read_fcp7(root: Element, path: str) -> tuple[Cut, ...]:
    """Read every sequence of a document that has been parsed; those inside others are unfolded there.

    Raises:
        CutError: it holds no sequence, or something of it cannot be understood.
        TimecodeError: its rate or timecode cannot be.
    """
    if root.name != "xmeml":
        raise CutError("is no FCP7 XML", where=path, next_step=HINT)
    media = Media(root, path)
    sequences = _sequences(root)
    if not sequences:
        raise CutError("holds no sequence", where=path, next_step="Export the sequence, not a clip of it")
    return tuple(_Sequence(one, media, path).read() for one in sequences)


def _sequences(root: Element) -> list[Element]:
    """Sequences that stand in a project, a bin or alone, in the order of the file."""
    found, waiting = [], [root]
    while waiting:
        one = waiting.pop()
        if one.name == "sequence":
            if one.first("media"):
                found.append(one)
        elif one.name in ("xmeml", "project", "children", "bin"):
            waiting += reversed(one.children)
    return found


class _Sequence:
    def __init__(self, sequence: Element, media: Media, path: str) -> None:
        self._sequence = sequence
        self._media = media
        self._path = path
        self._notes = Notes()
        rate, start = media.numbering(sequence, None)
        self._placing = Placing(path, rate, start)

    def read(self) -> Cut:
        self._lay(self._sequence, _Hung(_ZERO, Window(), "", 0))
        title = self._sequence.text_of("name")
        return Cut(self._path, FORMAT, title, self._placing.rate, self._placing.events.table(), self._notes.sentences())

    def _lay(self, sequence: Element, hung: _Hung) -> None:
        self._placing.visit(hung.depth, 1 + len(sequence.children))
        rate = self._media.frames_per_second(sequence, None)
        for kind in hung.kinds:
            holders = self._holders(sequence, kind)
            self._placing.visit(hung.depth, sum(1 + len(holder.children) for holder in holders))
            tracks = [track for holder in holders for track in holder.all("track")]
            for number, track in enumerate(tracks, 1):
                # Premiere writes a stereo track once for each of its channels.
                if track.attributes.get("currentExplodedTrackIndex", "0") != "0" or hung.only_track not in (None, number):
                    continue
                name = f"{hung.track}/{kind.value} {number}" if hung.track else f"{kind.value} {number}"
                enabled = hung.enabled and _is_true(track.text_of("enabled"))
                self._lay_track(track, kind, rate, replace(hung, track=name, enabled=enabled, only_track=None))

    def _holders(self, sequence: Element, kind: TrackKind) -> list[Element]:
        media = sequence.first("media")
        return media.all(kind.value) if media else []

    def _lay_track(self, track: Element, kind: TrackKind, rate: Fraction, hung: _Hung) -> None:
        self._placing.visit(hung.depth, 1 + len(track.children))
        laid = [self._media.resolved(one) for one in track.children if one.name in _ON_TRACKS]
        for position, one in enumerate(laid):
            if one.name == "transitionitem":
                continue
            before = laid[position - 1] if position and laid[position - 1].name == "transitionitem" else None
            after = laid[position + 1] if position + 1 < len(laid) and laid[position + 1].name == "transitionitem" else None
            self._placing.visit(hung.depth, 1 + len(one.children))
            begin, end = self._frame(one, "start", before), self._frame(one, "end", after)
            shown = replace(hung, enabled=hung.enabled and _is_true(one.text_of("enabled")))
            ends = Ends(self._transition(before), self._transition(after))
            self._place(one, kind, (hung.at + begin / rate, hung.at + end / rate), ends, rate, shown)

    def _place(
        self, clip: Element, kind: TrackKind, span: tuple[Fraction, Fraction], ends: Ends, rate: Fraction, hung: _Hung
    ) -> None:
        clip_rate = self._media.frames_per_second(clip, rate)
        begin = self._media.number(clip, "in", 0) / clip_rate
        speed = self._speed(clip)
        if nested := clip.first("sequence"):
            self._unfold(self._media.resolved(nested), clip, kind, span, begin, hung)
            return
        file = clip.first("file")
        if file is None:
            self._notes.add("a clip without a file is left out, such as a generator or multiclip", f"line {clip.line}")
            return
        source, first = self._media.source(self._media.resolved(file), clip, clip_rate)
        shown = Stretch(*span, first + begin * abs(speed), speed).cut_to(hung.window)
        if shown:
            place = f"line {clip.line}"
            self._placing.place(kind, hung.track, shown, self._counted(source), place, ends=ends, enabled=hung.enabled)

    def _unfold(
        self, sequence: Element, clip: Element, kind: TrackKind, span: tuple[Fraction, Fraction], begin: Fraction, hung: _Hung
    ) -> None:
        """Place what a nested sequence shows, as far as the clip that shows it reaches."""
        window = hung.window.narrowed(*span)
        if window.is_empty:
            return
        source = clip.first("sourcetrack")
        only = self._media.number(source, "trackindex", 0) if source and kind is TrackKind.AUDIO else 0
        deeper = replace(hung, at=span[0] - begin, window=window, depth=hung.depth + 1, kinds=(kind,), only_track=only or None)
        self._lay(sequence, deeper)

    def _counted(self, source: Source) -> Source:
        return source if source.rate else replace(source, rate=self._placing.rate)

    def _frame(self, one: Element, name: str, transition: Element | None) -> int:
        number = self._media.number(one, name, None)
        if number != -1:
            return number
        if transition is None:
            raise CutError(
                f"a clip's {name} is left to a transition that is not there",
                where=f"{self._path}, line {one.line}",
                next_step=HINT,
            )
        return self._media.number(transition, name, None)

    def _speed(self, clip: Element) -> Fraction:
        for effect in (one.first("effect") for one in clip.all("filter")):
            if effect is None or effect.text_of("effectid") != "timeremap":
                continue
            self._notes.add("a clip is retimed; its source times are those of an even speed", f"line {clip.line}")
            values = {one.text_of("parameterid"): one.text_of("value") for one in effect.all("parameter")}
            try:
                percent = Fraction(values.get("speed", "100")[:20])
            except (ValueError, ZeroDivisionError):
                return _ONE
            return -abs(percent) / 100 if values.get("reverse", "").upper() == "TRUE" else percent / 100
        return _ONE

    def _transition(self, one: Element | None) -> Transition | None:
        if one is None:
            return None
        effect = one.first("effect")
        name, category = (effect.text_of("name"), effect.text_of("effectcategory")) if effect else ("", "")
        said = f"{name} {category}".lower()
        kind = TransitionKind.DISSOLVE if "dissolve" in said or "fade" in said else TransitionKind.OTHER
        frames = self._media.number(one, "end", None) - self._media.number(one, "start", None)
        return Transition(TransitionKind.WIPE if "wipe" in said else kind, max(0, frames), name)


def _is_true(text: str) -> bool:
    return text.upper() != "FALSE"
