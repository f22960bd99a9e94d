"""How a film is set upright: a display matrix, read."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scanner.model.moving import Orientation

if TYPE_CHECKING:
    from av.video.frame import VideoFrame


def orientation_of(matrix: Sequence[int]) -> Orientation:
    """Return what a display matrix means, to the nearest quarter turn.

    `matrix` is a, b, u, c, d, v, x, y, w of ISO/IEC 14496-12: the point (x, y) is shown at (ax + cy, bx + dy), y down. Anything
    but nine numbers, or a matrix that flattens the picture, means as stored.
    """
    if len(matrix) != 9:
        return Orientation()
    a, b, c, d = matrix[0], matrix[1], matrix[3], matrix[4]
    spread = a * d - b * c
    if spread == 0:
        return Orientation()
    mirrored = spread < 0
    turn = math.degrees(math.atan2(-b, -a) if mirrored else math.atan2(b, a))
    return Orientation(mirrored, round(turn / 90) % 4 * 90)


def frame_orientation(frame: VideoFrame, otherwise: Orientation) -> Orientation:
    """Return what the frame itself carries, else `otherwise`."""
    for carried in frame.side_data:
        if carried.type.name == "DISPLAYMATRIX" and carried.buffer_size >= 36:
            return orientation_of(struct.unpack("=9i", bytes(carried)[:36]))
    return otherwise


def set_upright(pixels: NDArray[np.uint8], orientation: Orientation) -> NDArray[np.uint8]:
    """Mirror and turn rows × columns × channels."""
    mirrored = pixels[:, ::-1] if orientation.mirrored else pixels
    return np.ascontiguousarray(np.rot90(mirrored, -(orientation.turn_degrees // 90)))
