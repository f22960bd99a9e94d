"""What an FCPXML keeps beside its timelines: formats, assets, compound and multicam clips."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from scanner.model.cut import CutError
from scanner.timeline.media_url import media_path
from scanner.tools.hardened_xml import Element

_SECONDS = re.compile(r"(-?\d{1,18})(?:/(\d{1,18}))?s", re.ASCII)
HINT = "Export the project again as FCPXML"


@dataclass(frozen=True, slots=True)
class Asset:
    """A media file."""

    name: str
    file: str
    uuid: str
    start: Fraction
    """Timecode of its first frame, in seconds."""
    has_video: bool
    has_audio: bool
    frames_per_second: Fraction | None
    """None where its format does not say."""


class Resources:
    """The resources of one document, by id."""

    def __init__(self, root: Element, path: str) -> None:
        self._path = path
        self._assets: dict[str, Asset] = {}
        self._media: dict[tuple[str, str], Element | None] = {}
        self._by_id: dict[tuple[str, str], Element] = {}
        for one in (root.first("resources") or root).children:
            self._by_id.setdefault((one.name, one.attributes.get("id", "")), one)

    def frames_per_second(self, format_id: str) -> Fraction | None:
        """The rate of a format; None where it has none: stills, formats for rates of any kind."""
        found = self._by_id.get(("format", format_id))
        duration = self.seconds(found, "frameDuration", Fraction(0)) if found else Fraction(0)
        return 1 / duration if duration > 0 else None

    def asset(self, element: Element) -> Asset | None:
        """The asset that an element refers to; None where it refers to something else, an effect or a title."""
        name = element.attributes.get("ref", "")
        found = self._by_id.get(("asset", name))
        if found is None:
            return None
        if name not in self._assets:
            self._assets[name] = self._read_asset(found)
        return self._assets[name]

    def _read_asset(self, found: Element) -> Asset:
        representation = found.first("media-rep")
        written = found.attributes.get("src") or (representation.attributes.get("src", "") if representation else "")
        return Asset(
            name=found.attributes.get("name", ""),
            file=media_path(written),
            uuid=found.attributes.get("uid", "").lower(),
            start=self.seconds(found, "start", Fraction(0)),
            has_video=found.attributes.get("hasVideo") == "1",
            has_audio=found.attributes.get("hasAudio") == "1",
            frames_per_second=self.frames_per_second(found.attributes.get("format", "")),
        )

    def media(self, element: Element, kind: str) -> Element | None:
        """The ``sequence`` or ``multicam`` that a clip refers to."""
        name = element.attributes.get("ref", "")
        if (name, kind) not in self._media:
            found = self._by_id.get(("media", name))
            self._media[name, kind] = found.first(kind) if found else None
        return self._media[name, kind]

    def seconds(self, element: Element, attribute: str, default: Fraction) -> Fraction:
        """A time, which the format writes as a fraction of seconds.

        Raises:
            CutError: it is written otherwise.
        """
        text = element.attributes.get(attribute)
        if text is None:
            return default
        found = _SECONDS.fullmatch(text.strip())
        if not found or (found[2] is not None and not int(found[2])):
            raise CutError(
                f"{attribute} is {text[:30]!r}, not a time", where=f"{self._path}, line {element.line}", next_step=HINT
            )
        return Fraction(int(found[1]), int(found[2] or 1))
