"""Stealth text: generation settings in the lowest bits of a lossless picture's pixels, column by column.

Fifteen letters name the channel and whether the text is compressed, then come its length in bits and the text
(github:neggles/sd-webui-stealth-pnginfo; NovelAI writes the same). In the alpha channel each pixel holds one bit, in the
colours three. A picture turned upright by its EXIF orientation has its columns elsewhere and is not recognised.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from scanner.read.residue_harvest import GZIP, TEXT_LIMIT_BYTES, Harvest, decode_text

_MAGICS = {
    ("A", b"stealth_pnginfo"): False,
    ("A", b"stealth_pngcomp"): True,
    ("RGB", b"stealth_rgbinfo"): False,
    ("RGB", b"stealth_rgbcomp"): True,
}
"""Channels and letters → whether the text is compressed."""
_MAGIC_BYTES, _LENGTH_BYTES = 15, 4
_HEAD_BYTES = _MAGIC_BYTES + _LENGTH_BYTES
_CHANNELS = {"RGBA": ("A", "RGB"), "LA": ("A",), "PA": ("A",), "RGB": ("RGB",)}
"""Mode of a decoded picture → the channels that can hold text, in the order in which they are tried."""


def harvest_pixels(image: Image.Image, harvest: Harvest) -> None:
    """Read the stealth text of a decoded picture; costs nothing worth naming where there is none."""
    for channels in _CHANNELS.get(image.mode, ()):
        head = _read_bytes(image, channels, 0, _HEAD_BYTES)
        compressed = _MAGICS.get((channels, head[:_MAGIC_BYTES]))
        if compressed is None:
            continue
        size = int.from_bytes(head[_MAGIC_BYTES:], "big") // 8
        text = _read_bytes(image, channels, _HEAD_BYTES, min(size, TEXT_LIMIT_BYTES))
        if len(text) < size:
            harvest.warn("its hidden text is longer than the picture, or than is read")
        harvest.add("Stealth:Parameters", decode_text(harvest.inflate(text, GZIP) if compressed else text))


def _read_bytes(image: Image.Image, channels: str, skip: int, size: int) -> bytes:
    """Return bytes `skip` to `skip + size` of what the lowest bits spell; only the columns that hold them are touched."""
    bits_a_column = image.height * len(channels)
    columns = min(image.width, -(-(skip + size) * 8 // max(bits_a_column, 1)))
    part = image.crop((0, 0, columns, image.height))
    planes = part.getchannel("A") if channels == "A" else part.convert("RGB")
    bits = np.asarray(planes) & 1
    return np.packbits(bits.swapaxes(0, 1).reshape(-1))[skip : skip + size].tobytes()
