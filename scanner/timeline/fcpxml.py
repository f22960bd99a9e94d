"""FCPXML, as Final Cut Pro, Resolve and Premiere's converters write it.

Every element has a time of its own, which begins with its ``start``; what it holds is hung up in that time by ``offset``.
What has no lane fills its parent and is cut to it; what has one is connected to it, and reaches as far as it wants.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from scanner.model.cut import Cut, CutError, Source, TrackKind, Transition, TransitionKind
from scanner.model.timecode import Rate, can_drop
from scanner.timeline.fcpxml_resources import HINT, Asset, Resources
from scanner.timeline.notes import Notes
from scanner.timeline.placing import NO_ENDS, Ends, Placing, Stretch, Window
from scanner.tools.hardened_xml import Element

FORMAT = "FCPXML"
_ZERO, _ONE = Fraction(0), Fraction(1)
_HOLDERS = frozenset({"clip", "sync-clip", "gap", "title", "asset-clip", "video", "audio", "ref-clip", "mc-clip"})
_NO_MEDIA = frozenset({"title", "caption"})
_BOTH = frozenset(TrackKind)
_ENABLED_KINDS = {"video": frozenset({TrackKind.VIDEO}), "audio": frozenset({TrackKind.AUDIO})}


@dataclass(frozen=True, slots=True)
class _Hung:
    """How an element hangs in the programme."""

    at: Fraction
    """Second of the programme at which the element's own `start` lies."""
    window: Window
    track: str
    depth: int
    """How many nested timelines deep."""
    kinds: frozenset[TrackKind] = _BOTH
    """What of it is used."""
    enabled: bool = True
    ends: Ends = NO_ENDS
    reach: tuple[Fraction, Fraction] = (_ZERO, _ZERO)
    """Seconds by which transitions let it begin earlier and end later."""


def read_fcpxml(root: Element, path: str) -> tuple[Cut, ...]:
    """Read every project of a document that has been parsed.

    Raises:
        CutError: it holds no project, or something of it cannot be understood.
        TimecodeError: its frame rate or drop-frame cannot be.
    """
    if root.name != "fcpxml":
        raise CutError("is no FCPXML", where=path, next_step=HINT)
    resources = Resources(root, path)
    events = [*root.all("event"), *(event for library in root.all("library") for event in library.all("event"))]
    projects = [*root.all("project"), *(project for event in events for project in event.all("project"))]
    if not projects:
        raise CutError("holds no project, only clips", where=path, next_step="Export the project, not a clip of it")
    return tuple(_Project(project, resources, path).read() for project in projects)


class _Project:
    def __init__(self, project: Element, resources: Resources, path: str) -> None:
        self._project = project
        self._resources = resources
        self._path = path
        self._notes = Notes()
        sequence = project.first("sequence")
        spine = sequence.first("spine") if sequence else None
        if sequence is None or spine is None:
            raise self._wrong("the project holds no sequence", project)
        self._sequence, self._spine = sequence, spine
        self._placing = self._begin()

    def read(self) -> Cut:
        begins = self._seconds(self._sequence, "tcStart", _ZERO)
        first = min((self._seconds(one, "offset", begins) for one in self._spine.children), default=begins)
        if first < begins:
            self._notes.add("offsets count from 0 though the timecode begins later; they are taken from there")
        # Second 0 of the placing is the first frame of the programme.
        self._lay(self._spine, _ZERO if first < begins else begins, _Hung(_ZERO, Window(), "0", 0))
        title = self._project.attributes.get("name", "")
        return Cut(self._path, FORMAT, title, self._placing.rate, self._placing.events.table(), self._notes.sentences())

    def _begin(self) -> Placing:
        frames_per_second = self._resources.frames_per_second(self._sequence.attributes.get("format", ""))
        if frames_per_second is None:
            raise self._wrong("the sequence's format has no frame duration", self._sequence)
        rate = Rate(frames_per_second, self._sequence.attributes.get("tcFormat") == "DF")
        return Placing(self._path, rate, rate.nearest_frame(self._seconds(self._sequence, "tcStart", _ZERO)))

    def _lay(self, spine: Element, origin: Fraction, hung: _Hung) -> None:
        """Lay a storyline's elements one after the other; `origin` is the storyline's own time at `hung.at`."""
        self._placing.visit(hung.depth, len(spine.children))
        cursor = origin
        laid: list[tuple[Element, Fraction]] = []
        for one in spine.children:
            begin = self._seconds(one, "offset", cursor)
            laid.append((one, begin))
            if one.name != "transition":
                cursor = begin + self._duration(one)
        for position, (one, begin) in enumerate(laid):
            if one.name == "transition":
                continue
            before = laid[position - 1] if position and laid[position - 1][0].name == "transition" else None
            after = laid[position + 1] if position + 1 < len(laid) and laid[position + 1][0].name == "transition" else None
            opening = max(_ZERO, begin - before[1]) if before else _ZERO
            end = begin + self._duration(one)
            closing = max(_ZERO, after[1] + self._duration(after[0]) - end) if after else _ZERO
            ends = Ends(self._transition(before), self._transition(after))
            at = hung.at + begin - origin
            self._hang(one, replace(hung, at=at, ends=ends, reach=(opening, closing)))

    def _hang(self, element: Element, hung: _Hung) -> None:
        """Place an element and all that it holds."""
        self._placing.visit(hung.depth, 1 + len(element.children))
        if element.name == "audition":
            for chosen in element.children[:1]:
                self._hang(chosen, hung)
            return
        if element.name == "spine":
            self._lay(element, _ZERO, hung)
            return
        if element.name not in _HOLDERS:
            return
        kinds = hung.kinds & _ENABLED_KINDS.get(element.attributes.get("srcEnable", ""), _BOTH)
        own = replace(hung, kinds=kinds, enabled=hung.enabled and element.attributes.get("enabled") != "0")
        begin, end = hung.at - hung.reach[0], hung.at + self._duration(element) + hung.reach[1]
        # A clip's transitions are those of the one thing that fills it.
        ends = hung.ends if element.name == "clip" else NO_ENDS
        inside = replace(own, window=hung.window.narrowed(begin, end), ends=ends, reach=(_ZERO, _ZERO))
        start = self._seconds(element, "start", self._own_start(element))
        if element.name in ("ref-clip", "mc-clip"):
            self._unfold(element, start, inside)
        elif element.name not in _NO_MEDIA and (asset := self._resources.asset(element)):
            self._place(element, asset, Stretch(begin, end, start - hung.reach[0], _ONE), own)
        self._hang_children(element, start, hung, inside)

    def _hang_children(self, element: Element, start: Fraction, hung: _Hung, inside: _Hung) -> None:
        for child in element.children:
            if child.name not in _HOLDERS and child.name not in ("spine", "audition"):
                continue
            lane = child.attributes.get("lane")
            at = hung.at + self._seconds(child, "offset", start) - start
            if lane is None:
                self._hang_inside(element, child, at, inside)
            else:
                track = f"{hung.track}/{lane}" if hung.depth else lane
                self._hang(child, replace(hung, at=at, track=track, ends=NO_ENDS, reach=(_ZERO, _ZERO)))

    def _hang_inside(self, element: Element, child: Element, at: Fraction, inside: _Hung) -> None:
        """Place what fills a clip; a clip's own transitions show in it."""
        if inside.window.is_empty:
            return
        if element.first("timeMap"):
            self._notes.add("a retimed clip holds others; their source times are those without retiming", f"line {element.line}")
        self._hang(child, replace(inside, at=at))

    def _unfold(self, element: Element, start: Fraction, inside: _Hung) -> None:
        """Place what a compound or multicam clip shows."""
        deeper = replace(inside, depth=inside.depth + 1, track=f"{inside.track}/0")
        if inside.window.is_empty:
            return
        sequence = self._resources.media(element, "sequence")
        if sequence and (spine := sequence.first("spine")):
            self._lay(spine, start, deeper)
            return
        multicam = self._resources.media(element, "multicam")
        if multicam is None:
            self._notes.add("a compound clip refers to nothing in the file", f"line {element.line}")
            return
        for chosen in element.all("mc-source"):
            kinds = deeper.kinds & _ENABLED_KINDS.get(chosen.attributes.get("srcEnable", ""), _BOTH)
            for angle in multicam.all("mc-angle"):
                if kinds and angle.attributes.get("angleID") == chosen.attributes.get("angleID"):
                    self._lay(angle, start, replace(deeper, kinds=kinds))

    def _own_start(self, element: Element) -> Fraction:
        """Where an element's own time begins if it does not say."""
        if asset := self._resources.asset(element):
            return asset.start
        nested = self._resources.media(element, "sequence") or self._resources.media(element, "multicam")
        return self._seconds(nested, "tcStart", _ZERO) if nested else _ZERO

    def _place(self, element: Element, asset: Asset, stretch: Stretch, hung: _Hung) -> None:
        stretch = self._retimed(element, stretch)
        shown = stretch.cut_to(hung.window)
        if shown is None:
            return
        frames_per_second = asset.frames_per_second or self._placing.rate.frames_per_second
        drop_frame = element.attributes.get("tcFormat") == "DF" and can_drop(frames_per_second)
        rate = Rate(frames_per_second, drop_frame) if "tcFormat" in element.attributes else self._unsaid_rate(frames_per_second)
        source = Source(
            element.attributes.get("name") or asset.name, asset.file, uuids=(asset.uuid,) if asset.uuid else (), rate=rate
        )
        for kind in TrackKind:
            if kind in hung.kinds and _shows(element, asset, kind):
                place = f"line {element.line}"
                self._placing.place(kind, hung.track, shown, source, place, ends=hung.ends, enabled=hung.enabled)

    def _unsaid_rate(self, frames_per_second: Fraction) -> Rate:
        """How a source is counted that says no format of its timecode: as the programme, where it has the same rate."""
        programme = self._placing.rate
        return programme if frames_per_second == programme.frames_per_second else Rate(frames_per_second)

    def _retimed(self, element: Element, stretch: Stretch) -> Stretch:
        """Let a source run as the element's time map says: evenly from its first point to its last."""
        points = (element.first("timeMap") or element).all("timept")
        if len(points) < 2:
            return stretch
        times = [self._seconds(one, "time", _ZERO) for one in points]
        values = [self._seconds(one, "value", _ZERO) for one in points]
        if len(points) > 2:
            self._notes.add("a clip changes its speed; its source times are those of an even speed", f"line {element.line}")
        if times[-1] <= times[0]:
            return stretch
        speed = (values[-1] - values[0]) / (times[-1] - times[0])
        return Stretch(stretch.begin, stretch.end, values[0] + (stretch.source_begin - times[0]) * speed, speed)

    def _transition(self, laid: tuple[Element, Fraction] | None) -> Transition | None:
        if laid is None:
            return None
        name = laid[0].attributes.get("name", "")
        kind = TransitionKind.DISSOLVE if "dissolve" in name.lower() or "fade" in name.lower() else TransitionKind.OTHER
        kind = TransitionKind.WIPE if "wipe" in name.lower() else kind
        return Transition(kind, self._placing.rate.nearest_frame(self._duration(laid[0])), name)

    def _duration(self, element: Element) -> Fraction:
        duration = self._seconds(element, "duration", _ZERO)
        if element.name == "audition" and element.children:
            duration = self._seconds(element.children[0], "duration", _ZERO)
        return max(_ZERO, duration)

    def _seconds(self, element: Element, attribute: str, default: Fraction) -> Fraction:
        return self._resources.seconds(element, attribute, default)

    def _wrong(self, what: str, element: Element) -> CutError:
        return CutError(what, where=f"{self._path}, line {element.line}", next_step=HINT)


def _shows(element: Element, asset: Asset, kind: TrackKind) -> bool:
    """Whether an element brings this kind: ``video`` and ``audio`` say it themselves, clips leave it to the asset."""
    if element.name in ("video", "audio"):
        return element.name == kind.value
    return asset.has_video if kind is TrackKind.VIDEO else asset.has_audio
