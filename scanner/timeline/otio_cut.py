"""OpenTimelineIO's timelines, flattened: tracks one beside the other, in each its items one after the other.

The library's times are floats; they are taken as the fractions that they stand for before anything is added up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from scanner.model.cut import Cut, CutError, TrackKind, Transition, TransitionKind
from scanner.model.errors import ScannerError
from scanner.model.timecode import Rate
from scanner.timeline.notes import Notes
from scanner.timeline.otio_library import exact_rate, load_aaf, load_otio
from scanner.timeline.otio_source import source_of
from scanner.timeline.placing import NO_ENDS, Ends, Placing, Stretch, Window

_ZERO, _ONE = Fraction(0), Fraction(1)
_KINDS = {"Video": TrackKind.VIDEO, "Audio": TrackKind.AUDIO}
_HINT = "Export the cut again"


@dataclass(frozen=True, slots=True)
class _Hung:
    """How an item hangs in the programme."""

    at: Fraction
    """Second of the programme at which the item's trimmed range begins."""
    window: Window
    track: str
    depth: int
    kind: TrackKind | None = None
    """Of the track that it is on."""
    enabled: bool = True
    ends: Ends = NO_ENDS
    reach: tuple[Fraction, Fraction] = (_ZERO, _ZERO)
    """Seconds by which transitions let it begin earlier and end later."""


def read_otio(path: str, frames_per_second: Fraction | None) -> tuple[Cut, ...]:
    """Read an OTIO file.

    Raises:
        CutError: OpenTimelineIO is not installed, cannot read it, it holds no timeline, or says another rate.
    """
    return _read(load_otio(path), path, "OTIO", frames_per_second, {})


def read_aaf(path: str, frames_per_second: Fraction | None) -> tuple[Cut, ...]:
    """Read an AAF.

    Raises:
        CutError: as of `read_otio`.
    """
    found, drop_frames = load_aaf(path)
    return _read(found, path, "AAF", frames_per_second, drop_frames)


def _read(
    found: Any,  # noqa: ANN401 - untyped library
    path: str,
    file_format: str,
    frames_per_second: Fraction | None,
    drop_frames: dict[str, bool],
) -> tuple[Cut, ...]:
    timelines = [one for one in _listed(found) if _schema(one) == "Timeline"]
    if not timelines:
        raise CutError(f"holds no timeline but {_schema(found)[:40]}", where=path, next_step=_HINT)
    try:
        return tuple(_Timeline(one, path, file_format, frames_per_second, drop_frames).read() for one in timelines)
    except (ScannerError, MemoryError):
        raise
    except Exception as error:
        # Whatever the library's objects raise over what a document may put into them.
        what = f"a time or an item of it cannot be: {str(error).splitlines()[0][:100] if str(error) else type(error).__name__}"
        raise CutError(what, where=path, next_step=_HINT) from None


class _Timeline:
    def __init__(
        self,
        timeline: Any,  # noqa: ANN401 - untyped library
        path: str,
        file_format: str,
        frames_per_second: Fraction | None,
        drop_frames: dict[str, bool],
    ) -> None:
        self._timeline = timeline
        self._path = path
        self._format = file_format
        self._notes = Notes()
        mob = str(timeline.metadata.get("AAF", {}).get("MobID", "")) if file_format == "AAF" else ""
        rate = Rate(self._programme_rate(frames_per_second), drop_frames.get(mob, False))
        begin = timeline.global_start_time
        self._placing = Placing(path, rate, rate.nearest_frame(_seconds(begin)) if begin else 0)

    def read(self) -> Cut:
        self._hang(self._timeline.tracks, _Hung(_ZERO, Window(), "", 0))
        title = self._timeline.name or ""
        return Cut(self._path, self._format, title, self._placing.rate, self._placing.events.table(), self._notes.sentences())

    def _programme_rate(self, given: Fraction | None) -> Fraction:
        begin = self._timeline.global_start_time
        if begin is not None:
            said = exact_rate(begin.rate)
            if given not in (None, said):
                raise CutError(
                    f"counts {Rate(said)} frames a second, not the {Rate(given or said)} that were given",
                    where=self._path,
                    next_step="Leave --rate out",
                )
            return said
        if given is not None:
            return given
        clips = [clip for track in self._timeline.video_tracks() for clip in track if _schema(clip) in ("Clip", "Gap")]
        first = next((_trimmed(clip) for clip in clips if _trimmed(clip)), None)
        if first is None:
            raise CutError("does not say its frame rate", where=self._path, next_step="Give it with --rate, such as --rate 24")
        self._notes.add("does not say where its timecode begins; it is counted from 00:00:00:00, at the rate of its first item")
        return exact_rate(first.duration.rate)

    def _hang(self, item: Any, hung: _Hung) -> None:  # noqa: ANN401 - untyped library
        self._placing.visit(hung.depth)
        schema = _schema(item)
        if schema == "Clip":
            self._place(item, hung)
        elif schema == "Stack":
            self._hang_stack(item, hung)
        elif schema == "Track":
            self._hang_track(item, hung)

    def _hang_stack(self, stack: Any, hung: _Hung) -> None:  # noqa: ANN401 - untyped library
        inside, origin = self._opened(stack, hung)
        if inside.window.is_empty:
            return
        numbers: dict[str, int] = {}
        for child in stack:
            kind = _KINDS.get(child.kind) if _schema(child) == "Track" else hung.kind or TrackKind.VIDEO
            if kind is None or hung.kind not in (None, kind):
                continue
            numbers[kind.value] = numbers.get(kind.value, 0) + 1
            name = f"{kind.value} {numbers[kind.value]}"
            track = f"{hung.track}/{name}" if hung.track else name
            # Children of a stack all begin at its own second 0.
            self._hang(child, replace(inside, at=hung.at - origin, track=track, kind=kind))

    def _hang_track(self, track: Any, hung: _Hung) -> None:  # noqa: ANN401 - untyped library
        inside, origin = self._opened(track, hung)
        laid, cursor = list(track), _ZERO
        for position, child in enumerate(laid):
            if _schema(child) == "Transition":
                continue
            trimmed = _trimmed(child)
            if trimmed is None:
                raise CutError(f"an item on {hung.track} has no duration", where=self._path, next_step=_HINT)
            before = _transition_at(laid, position - 1)
            after = _transition_at(laid, position + 1)
            hangs = replace(
                inside,
                at=hung.at - origin + cursor,
                ends=Ends(self._transition(before), self._transition(after)),
                reach=(_seconds(before.in_offset) if before else _ZERO, _seconds(after.out_offset) if after else _ZERO),
            )
            self._hang(child, hangs)
            cursor += _seconds(trimmed.duration)

    def _opened(self, composition: Any, hung: _Hung) -> tuple[_Hung, Fraction]:  # noqa: ANN401 - untyped library
        """What is inside a composition, and the composition's own second that lies at `hung.at`."""
        trimmed = composition.source_range
        window = hung.window
        if trimmed and _seconds(trimmed.start_time) + _seconds(trimmed.duration) <= 0:
            # Old versions of the library's EDL reader put the record timecode here, as a range before all items.
            self._notes.add(
                "a track's range ends before its first item; its start is taken as where the programme begins", hung.track
            )
        elif trimmed:
            end = hung.at + _seconds(trimmed.duration)
            window = window.narrowed(hung.at - hung.reach[0], end + hung.reach[1])
        if hung.depth and _speed(composition) != 1:
            self._notes.add("a nested timeline is retimed; its times are those without", hung.track)
        inside = replace(
            hung,
            window=window,
            depth=hung.depth + 1,
            enabled=hung.enabled and composition.enabled,
            ends=NO_ENDS,
            reach=(_ZERO, _ZERO),
        )
        return inside, _seconds(trimmed.start_time) if trimmed else _ZERO

    def _place(self, clip: Any, hung: _Hung) -> None:  # noqa: ANN401 - untyped library
        trimmed, kind = _trimmed(clip), hung.kind
        if trimmed is None or kind is None:
            return
        source = source_of(clip)
        if source is None:
            self._notes.add("a clip without media is left out, such as a generator or title", hung.track)
            return
        speed = _speed(clip)
        begin, end = hung.at - hung.reach[0], hung.at + _seconds(trimmed.duration) + hung.reach[1]
        stretch = Stretch(begin, end, _seconds(trimmed.start_time) - hung.reach[0] * speed, speed).cut_to(hung.window)
        if stretch is None:
            return
        rate = exact_rate(trimmed.start_time.rate)
        counted = Rate(rate) if kind is TrackKind.VIDEO and rate != self._placing.rate.frames_per_second else self._placing.rate
        enabled = hung.enabled and clip.enabled
        place = f"{hung.track}, {clip.name[:60]}" if clip.name else hung.track
        self._placing.place(kind, hung.track, stretch, replace(source, rate=counted), place, ends=hung.ends, enabled=enabled)

    def _transition(self, one: Any) -> Transition | None:  # noqa: ANN401 - untyped library
        if one is None:
            return None
        kind = TransitionKind.DISSOLVE if one.transition_type == "SMPTE_Dissolve" else TransitionKind.OTHER
        if "wipe" in one.name.lower():
            kind = TransitionKind.WIPE
        return Transition(kind, self._placing.rate.nearest_frame(_seconds(one.in_offset) + _seconds(one.out_offset)), one.name)


def _listed(found: Any) -> list[Any]:  # noqa: ANN401 - untyped library
    return list(found) if _schema(found) == "SerializableCollection" else [found]


def _schema(item: Any) -> str:  # noqa: ANN401 - untyped library
    return str(item.schema_name()) if hasattr(item, "schema_name") else type(item).__name__


def _trimmed(item: Any) -> Any:  # noqa: ANN401 - untyped library
    """An item's range; None where neither it nor its media says one."""
    try:
        return item.trimmed_range()
    except Exception:  # the library has a class of its own for this, which is not to be imported here
        return None


def _seconds(time: Any) -> Fraction:  # noqa: ANN401 - untyped library
    return Fraction(time.value) / exact_rate(time.rate)


def _speed(item: Any) -> Fraction:  # noqa: ANN401 - untyped library
    speed = _ONE
    for effect in item.effects:
        if _schema(effect) == "FreezeFrame":
            return _ZERO
        if _schema(effect) == "LinearTimeWarp":
            speed *= Fraction(effect.time_scalar).limit_denominator(100_000)
    return speed


def _transition_at(laid: list[Any], position: int) -> Any:  # noqa: ANN401 - untyped library
    inside = 0 <= position < len(laid)
    return laid[position] if inside and _schema(laid[position]) == "Transition" else None
