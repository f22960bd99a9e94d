"""The chroma in which watermarks are written, counted exactly as OpenCV counts it (``COLOR_BGR2YUV``, channel 1).

Scripts hand the encoder bytes or floats, and early versions of diffusers colours in the wrong order. The three differ in
where zero lies and so in the remainders: a picture marked in one is noise, or its own negative, in another.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""Height × width × 3: red, green, blue from 0 to 255."""
Plane = NDArray[np.uint8 | np.float32]
"""Height × width: (blue − luma) · 0.492, around 128 as bytes and around 0.5 as floats."""

# OpenCV's fixed-point numbers (modules/imgproc/src/color_yuv): 14 fractional bits, rounded to the nearest.
_SHIFT = 14
_HALF = 1 << (_SHIFT - 1)
_RED, _GREEN, _BLUE, _CHROMA = 4899, 9617, 1868, 8061
_MIDDLE = 128 << _SHIFT


def chroma_bytes(pixels: Pixels) -> Plane:
    """Return the chroma of `pixels` as bytes: the Stable Diffusion 1 and 2 scripts."""
    red, green, blue = (pixels[..., channel].astype(np.int32) for channel in range(3))
    luma = (red * _RED + green * _GREEN + blue * _BLUE + _HALF) >> _SHIFT
    chroma = ((blue - luma) * _CHROMA + _MIDDLE + _HALF) >> _SHIFT
    plane: Plane = np.clip(chroma, 0, 255).astype(np.uint8)
    return plane


def chroma_floats(pixels: Pixels) -> Plane:
    """Return the chroma of `pixels` as floats: SDXL and FLUX reference code, diffusers since it orders colours rightly."""
    red, green, blue = (pixels[..., channel].astype(np.float32) for channel in range(3))
    luma = blue * np.float32(0.114) + green * np.float32(0.587) + red * np.float32(0.299)
    plane: Plane = (blue - luma) * np.float32(0.492) + np.float32(0.5)
    return plane


def chroma_floats_swapped(pixels: Pixels) -> Plane:
    """Return it with red and blue exchanged, as early diffusers handed them over."""
    return chroma_floats(pixels[..., ::-1])
