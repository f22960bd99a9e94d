"""One decoded frame → a small upright RGB picture, as an ordinary display would show it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scanner.frames.orientation import frame_orientation, set_upright
from scanner.frames.tone import ToneCurve, linear_light, rolled_off
from scanner.model.moving import MovingPicture, Transfer

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

Pixels = NDArray[np.uint8]
"""Rows, columns, red-green-blue; sRGB."""

SIDE_PX = 512
"""Longer side of the picture unless the caller says otherwise."""

_SD_LINES, _SD_COLUMNS = 576, 1024
"""Up to this size a film that does not say its matrix is taken for Rec. 601, above it for Rec. 709."""
_MATRICES = {1: "ITU709", 4: "FCC", 5: "ITU601", 6: "ITU601", 7: "SMPTE240M", 9: "BT2020", 10: "BT2020"}
"""ITU-T H.273, table 4, to the scaler's names. Constant-luminance Rec. 2020 is taken as the other."""
_PRIMARIES_2020 = 9
_FULL_RANGE = 2
_TRANSFERS = {16: Transfer.PQ, 18: Transfer.HLG}


class Renderer:
    """Makes pictures of the frames of one film. It keeps the scaler's tables from one frame to the next."""

    def __init__(self, description: MovingPicture, side_px: int = SIDE_PX, tone: ToneCurve = rolled_off) -> None:
        """`tone` maps linear light, white 1.0, to display values; used for films that are not made for an ordinary display."""
        from av.video.reformatter import VideoReformatter

        self._scaler = VideoReformatter()
        self._description = description
        self._side_px = side_px
        self._tone = tone

    def render(self, frame: VideoFrame) -> Pixels:
        """Return the frame, its longer side `side_px` at most and never enlarged, pixels square, upright.

        An interlaced frame is reduced to the field stored first. The area filter averages all that a pixel covers.
        """
        width, height = self._size(frame)
        orientation = frame_orientation(frame, self._description.orientation)
        source = first_field(frame) if frame.interlaced_frame else frame
        transfer = _TRANSFERS.get(int(frame.color_trc), self._description.transfer)
        if transfer is Transfer.SDR:
            return set_upright(self._scaled(frame, source, width, height, "rgb24").astype(np.uint8), orientation)
        signal = self._scaled(frame, source, width, height, "rgb48le").astype(np.float32) / np.float32(65535)
        wide = int(frame.color_primaries) == _PRIMARIES_2020
        shown = self._tone(linear_light(signal, transfer, wide))
        return set_upright(np.clip(np.rint(shown * 255), 0, 255).astype(np.uint8), orientation)

    def _size(self, frame: VideoFrame) -> tuple[int, int]:
        width, height = frame.width * self._description.sample_aspect, Fraction(frame.height)
        share = min(Fraction(1), Fraction(self._side_px) / max(width, height))
        return max(1, round(width * share)), max(1, round(height * share))

    def _matrix(self, frame: VideoFrame) -> str:
        named = _MATRICES.get(int(frame.colorspace))
        if named:
            return named
        # The film's size, not the frame's: that may have been reduced while it was decoded.
        small = self._description.height <= _SD_LINES and self._description.width <= _SD_COLUMNS
        return "ITU601" if small else "ITU709"

    def _scaled(self, frame: VideoFrame, source: VideoFrame, width: int, height: int, pixel_format: str) -> NDArray[np.generic]:
        from av.video.reformatter import ColorRange, Colorspace, Interpolation

        scaled = self._scaler.reformat(
            source,
            width,
            height,
            pixel_format,
            src_colorspace=Colorspace[self._matrix(frame)],
            interpolation=Interpolation.AREA | Interpolation.ACCURATE_RND,
            src_color_range=ColorRange.JPEG if _is_full(frame) else ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
            threads=1,
        )
        return np.asarray(scaled.to_ndarray())


def _is_full(frame: VideoFrame) -> bool:
    name = frame.format.name
    return int(frame.color_range) == _FULL_RANGE or name.startswith("yuvj") or frame.format.is_rgb or name.startswith("gray")


def first_field(frame: VideoFrame) -> VideoFrame:
    """Return every other row of the frame, the first among them: half its height, one moment in time.

    Chroma rows alternate between the fields as those of luma do.
    """
    if any(plane.line_size <= 0 for plane in frame.planes):
        return frame
    from av.video.frame import VideoFrame as Made

    field = Made(frame.width, -(-frame.height // 2), frame.format.name)
    for whole, half in zip(frame.planes, field.planes, strict=True):
        rows = np.frombuffer(whole, np.uint8).reshape(-1, whole.line_size)[::2]
        kept = np.zeros((half.buffer_size // half.line_size, half.line_size), np.uint8)
        down, across = min(len(rows), len(kept)), min(whole.line_size, half.line_size)
        kept[:down, :across] = rows[:down, :across]
        half.update(kept.tobytes())
    return field
