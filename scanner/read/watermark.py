"""Pixel watermarks: the fixed messages that reference scripts of open models hide in the colours of what they make.

All are written by `invisible-watermark` (imwatermark) in its way ``dwtDct``, which despite its name takes no cosine
transform: each 8 × 8 pixels hold one bit, in the remainder of one coefficient of a Haar transform of the chroma, and the
message is repeated over the picture. The chroma is counted as the encoder counted it, which differs by script.

Positive only: most pictures of these models bear no watermark, and what bore one has lost it after a crop, a resize or
most JPEG compression. A picture turned upright by its EXIF orientation has its blocks elsewhere and is not recognised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageMode

from scanner.model.readings import Found, NotFound, NotTried, Outcome, Statement
from scanner.model.version import VERSION
from scanner.read.watermark_blocks import block_bits, count_votes
from scanner.read.watermark_chroma import Pixels, Plane, chroma_bytes, chroma_floats, chroma_floats_swapped

SHORTEST_SIDE_PX = 256
"""The encoder refuses smaller pictures, and the messages' repetitions become too few."""
LARGEST_PIXELS = 40_000_000
"""Larger pictures are not looked into: the arithmetic takes some 30 bytes a pixel."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is looked for."""

    name: str
    bits: NDArray[np.bool_]
    gate: int
    """Bits that must agree: one picture in 10⁸ by chance, and more than any pattern of a shorter period can spell (letters
    repeat themselves: 98 of 136 every 8 bits, 104 every 68). Counted by benchmarks/watermarks.py."""
    planes: tuple[Callable[[Pixels], Plane], ...]
    """The ways in which scripts that write it count the chroma."""


def _number(value: int, name: str, gate: int) -> Message:
    # The scripts write their numbers as ``bin(value)[2:]``, which drops leading zeros: FLUX embeds 46 bits, not 48.
    bits = np.array([digit == "1" for digit in f"{value:b}"])
    return Message(name, bits, gate, (chroma_floats, chroma_floats_swapped, chroma_bytes))


def _letters(text: str, gate: int) -> Message:
    return Message(text, np.unpackbits(np.frombuffer(text.encode(), np.uint8)).astype(np.bool_), gate, (chroma_bytes,))


MESSAGES = (
    _letters("StableDiffusionV1", gate=112),
    _letters("SDV2", gate=31),
    _number(0xB3EC907BB19E, "SDXL 0xB3EC907BB19E", gate=44),
    _number(0x2AFE879CF52E, "FLUX 0x2AFE879CF52E", gate=42),
)
"""github:CompVis/stable-diffusion scripts/txt2img.py; github:Stability-AI/stablediffusion scripts/txt2img.py;
github:huggingface/diffusers pipelines/stable_diffusion_xl/watermark.py; github:black-forest-labs/flux src/flux/util.py."""


class WatermarkReader:
    """Looks for the known messages in decoded pictures."""

    name = "watermark"
    version = VERSION

    def read_pixels(self, image: Image.Image) -> Outcome:
        """Look for each message in a whole picture, scaled or turned by nobody since it was decoded."""
        if min(image.size) < SHORTEST_SIDE_PX:
            return NotTried(f"smaller than {SHORTEST_SIDE_PX} pixels, which no encoder marks")
        if image.width * image.height > LARGEST_PIXELS:
            return NotTried(f"larger than the {LARGEST_PIXELS // 1_000_000} million pixels that are searched")
        if ImageMode.getmode(image.mode).basemode == "L":
            return NotFound()  # Grey has no chroma.
        try:
            statements = tuple(_found(np.asarray(image.convert("RGB"))))
        except (OSError, ValueError, MemoryError) as error:
            why = f"its pixels cannot be searched ({error or 'out of memory'})"
            return NotTried(why, transient=not isinstance(error, ValueError))
        return Found(statements) if statements else NotFound()


def _found(pixels: Pixels) -> Iterator[Statement]:
    """Yield a statement for each message that enough bits of the picture spell."""
    best = dict.fromkeys((message.name for message in MESSAGES), 0)
    for plane in (chroma_bytes, chroma_floats, chroma_floats_swapped):
        bits = block_bits(plane(pixels))
        for message in MESSAGES:
            if plane in message.planes:
                best[message.name] = max(best[message.name], agreeing(bits, message))
    for message in MESSAGES:
        if best[message.name] >= message.gate:
            yield Statement("Watermark:dwtDct", f"{message.name} (bits {best[message.name]}/{len(message.bits)})")


def agreeing(bits: NDArray[np.bool_], message: Message) -> int:
    """Return how many bits of `message` the blocks' `bits` spell, by votes above the picture's own average.

    The reference decoder asks for half of the votes. The chroma of many pictures, and JPEG, pull all blocks to one side,
    and a constant answer would decide: of 10 photographs marked "StableDiffusionV1" and never compressed, the reference
    read two as noise (68 and 77 of 136 bits); this reads at least 132 bits in each.
    """
    votes = count_votes(bits, len(message.bits))
    return int(np.count_nonzero((votes > votes.mean()) == message.bits))
