"""Which picture of a film frame's file is read, and how: part, level, windows, channels, curve; all bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scanner.fingerprint.failures import PictureRefused

_PARTS_LIMIT = 64
_LEVELS_LIMIT = 24
_CHANNELS_LIMIT = 8
"""Channels read together: those of one layer stand side by side."""
_SIDE_LIMIT = 1 << 20


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle in pixels."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture in a file."""

    subimage: int
    level: int
    """Of a pyramid, 0 for the largest."""
    data: Window
    """What the file holds, at this level."""
    shown: Window
    """What a display shows, at this level."""
    full_width: int
    """Of what a display shows, at the largest level."""
    full_height: int
    channels: tuple[int, ...]
    """Of red, green, blue, or of luminance; then of transparency where there is one."""
    has_alpha: bool
    curve: str
    """``linear``, ``cineon`` or ``display``."""
    chunk_rows: int
    """Rows that are compressed together, or of a tile."""
    tiled: bool
    rows_apart: bool
    """Whether a row can be read without those before it."""
    pixel_aspect: float

    @property
    def has_colour(self) -> bool:
        """Whether it has three colours, not luminance alone."""
        return len(self.channels) - self.has_alpha == 3


def find_frame(source: Any, side_px: int, pixels_limit: int) -> Frame:  # noqa: ANN401 - OpenImageIO has no types
    """Return the first picture with colours or luminance, at the least level that keeps `side_px`.

    Raises:
        PictureRefused: too large, deep, a volume, or nothing that can be shown.
    """
    for subimage in range(_PARTS_LIMIT):
        spec = source.spec_dimensions(subimage, 0)
        if spec.format.basetype == 0 or spec.width <= 0:
            break
        whole = source.spec(subimage, 0)
        channels, has_alpha = _channels(whole.channelnames)
        if channels:
            return _frame(source, whole, subimage, channels, has_alpha, side_px, pixels_limit)
    raise PictureRefused("no part of it has colours or luminance to show")


def _frame(
    source: Any,  # noqa: ANN401
    whole: Any,  # noqa: ANN401
    subimage: int,
    channels: tuple[int, ...],
    has_alpha: bool,
    side_px: int,
    pixels_limit: int,
) -> Frame:
    _refuse(whole, pixels_limit)
    level, spec = _level(source, whole, subimage, side_px)
    data, shown = _held(spec), _shown(spec)
    full = _shown(whole)
    plain = whole.get_string_attribute("compression", "none") == "none" and not spec.tile_width
    return Frame(
        subimage=subimage,
        level=level,
        data=data,
        shown=shown,
        full_width=full.width,
        full_height=full.height,
        channels=channels,
        has_alpha=has_alpha,
        curve=_curve(source.format_name(), whole),
        chunk_rows=_chunk_rows(spec, whole),
        tiled=bool(spec.tile_width),
        rows_apart=plain,
        pixel_aspect=float(whole.get_float_attribute("PixelAspectRatio", 1.0)),
    )


def _refuse(spec: Any, pixels_limit: int) -> None:  # noqa: ANN401
    if spec.deep:
        raise PictureRefused("deep pictures are not decoded")
    if spec.depth > 1:
        raise PictureRefused("volumes are not decoded")
    for window in (_held(spec), _shown(spec)):
        if window.width * window.height > pixels_limit or max(window.width, window.height) > _SIDE_LIMIT:
            raise PictureRefused(
                f"{window.width} × {window.height} pixels are more than the {pixels_limit // 1_000_000} million decoded"
            )
    if spec.width * _chunk_rows(spec, spec) > pixels_limit // 4:
        raise PictureRefused("its tiles are larger than are decoded")


def _chunk_rows(spec: Any, whole: Any) -> int:  # noqa: ANN401
    rows = spec.tile_height if spec.tile_width else whole.get_int_attribute("oiio:RowsPerChunk", 1)
    return max(1, min(int(rows), int(spec.height)))


def _level(source: Any, whole: Any, subimage: int, side_px: int) -> tuple[int, Any]:  # noqa: ANN401
    level, spec = 0, whole
    while spec.tile_width and level < _LEVELS_LIMIT:
        smaller = source.spec_dimensions(subimage, level + 1)
        if not 0 < smaller.width < spec.width or max(smaller.width, smaller.height) < side_px:
            break
        level, spec = level + 1, smaller
    return level, spec


def _held(spec: Any) -> Window:  # noqa: ANN401
    return Window(spec.x, spec.y, spec.width, spec.height)


def _shown(spec: Any) -> Window:  # noqa: ANN401
    data, shown = _held(spec), Window(spec.full_x, spec.full_y, spec.full_width, spec.full_height)
    apart = (
        shown.left >= data.left + data.width
        or data.left >= shown.left + shown.width
        or shown.top >= data.top + data.height
        or data.top >= shown.top + shown.height
    )
    return data if shown.width <= 0 or shown.height <= 0 or apart else shown


def _channels(names: Sequence[str]) -> tuple[tuple[int, ...], bool]:
    """Places of the colours, bare ones before those of a layer, and whether the last is transparency."""
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        places.setdefault(name.lower(), place)
    layers = ["", *dict.fromkeys(name.lower().rpartition(".")[0] + "." for name in names if "." in name)]
    # Luminance only where it is bare: a layer's Y may be a coordinate.
    wanted = [(layer, ("r", "g", "b")) for layer in layers] + [("", ("red", "green", "blue")), ("", ("y",)), ("", ("i",))]
    for layer, colours in wanted:
        chosen = [places[layer + name] for name in colours if layer + name in places]
        if len(chosen) != len(colours):
            continue
        alpha = places.get(layer + "a", -1)
        has_alpha = alpha > max(chosen)
        chosen += [alpha] if has_alpha else []
        if chosen == sorted(chosen) and chosen[-1] - chosen[0] < _CHANNELS_LIMIT:
            return tuple(chosen), has_alpha
    return (), False


def _curve(format_name: str, spec: Any) -> str:  # noqa: ANN401
    if format_name == "openexr":
        return "linear"
    space = spec.get_string_attribute("oiio:ColorSpace", "").lower()
    transfer = spec.get_string_attribute("dpx:Transfer", "").lower()
    if format_name == "cineon" or "log" in space or "log" in transfer or "printing" in transfer:
        return "cineon"
    return "linear" if transfer == "linear" else "display"
