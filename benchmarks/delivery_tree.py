"""Made deliveries of any size, of small but real files: what the benchmarks of scale, stores and clusters scan.

Of ten files six are photographs without metadata, three camera files with all that their cameras wrote, one bears an AI mark.
Each picture is 96 × 64 pixels of its own, so that no two files are alike but the signed ones, whose signature would break.
Camera files are the headers of real ones (EXIF with maker notes, without what points to a second picture) around such a picture.
"""

from __future__ import annotations

import io
import os
import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

FIXTURES = Path(__file__).parents[1] / "fixtures"
CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
ZONES = ("final", "archive", "gfx", "temp")
FILES_A_FOLDER = 500
MIX = {"bare": 6, "camera": 3, "marked": 1}
"""Files of each kind among ten."""

_MARKED = (
    "signed/created.jpg",
    "signed/edited.jpg",
    "stills/declared/dst-trainedAlgorithmicMedia.jpg",
    "stills/declared/google-made.jpg",
    "stills/declared/midjourney-pair.jpg",
    "stills/declared/in-webp.webp",
    "stills/generators/a1111-text.png",
    "stills/generators/comfy.png",
    "stills/generators/flux.jpg",
    "stills/generators/drawthings.png",
)
_CAMERA_LIMIT_BYTES = 120_000


def make_tree(tree: Path, files: int, kinds: tuple[str, ...] = tuple(MIX)) -> int:
    """Fill `tree` with `files` files of the mix, or of some of its kinds only; return how many bytes they are."""
    turns = [kind for kind in MIX if kind in kinds for _ in range(MIX[kind])]
    makers = {"bare": _bare, "camera": _Cameras(), "marked": _Marked()}
    total = 0
    for number in range(files):
        name, content = makers[turns[number % len(turns)]](number)
        block = number // FILES_A_FOLDER
        folder = tree / ZONES[block % len(ZONES)] / f"reel_{block // len(ZONES):04}"
        if number % FILES_A_FOLDER == 0:
            folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        total += len(content)
    # Fresh times would be taken for times of files that are still being written.
    _set_back(tree)
    return total


def _set_back(tree: Path) -> None:
    for folder, _, names in os.walk(tree):
        for number, name in enumerate(names):
            os.utime(Path(folder) / name, (1_700_000_000 + number, 1_700_000_000 + number))


def _picture(number: int) -> bytes:
    draw = random.Random(number)
    small = Image.frombytes("RGB", (6, 4), draw.randbytes(72))
    stream = io.BytesIO()
    small.resize((96, 64), Image.Resampling.BICUBIC).save(stream, "JPEG", quality=85)
    return stream.getvalue()


def _bare(number: int) -> tuple[str, bytes]:
    # A letter behind the number: these are photographs, not the frames of a sequence.
    return f"photo_{number:07}a.jpg", _picture(number)


class _Cameras:
    """Camera files: the headers of real ones in front of other pictures."""

    def __init__(self) -> None:
        self._headers = list(_camera_headers())

    def __call__(self, number: int) -> tuple[str, bytes]:
        return f"DSC_{number:07}b.jpg", self._headers[number % len(self._headers)] + _without_start(_picture(number))


class _Marked:
    """Files with an AI mark, each its own but the signed ones."""

    def __init__(self) -> None:
        self._files = [FIXTURES / name for name in _MARKED]
        self._contents = [path.read_bytes() for path in self._files]

    def __call__(self, number: int) -> tuple[str, bytes]:
        turn = number // 10 % len(self._files)
        source, content = self._files[turn], self._contents[turn]
        return f"render_{number:07}c{source.suffix}", content if source.parent.name == "signed" else _own(content, number)


def _own(content: bytes, number: int) -> bytes:
    note = f"take {number}".encode()
    if content.startswith(b"\xff\xd8"):
        return content[:2] + b"\xff\xfe" + struct.pack(">H", len(note) + 2) + note + content[2:]
    if content.startswith(b"\x89PNG"):
        chunk = b"tEXtTake\0" + note
        return content[:-12] + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + content[-12:]
    return content


def _camera_headers() -> Iterator[bytes]:
    """Yield SOI and the application segments of real camera JPEGs."""
    found = False
    for path in sorted((CORPUS / "dev").rglob("*.jpg")):
        header = _application_segments(path.read_bytes())
        if b"Exif\0\0" in header[:64] and b"jumb" not in header and len(header) < _CAMERA_LIMIT_BYTES and _is_camera(path):
            found = True
            yield header
    if not found:
        raise SystemExit("the corpus with real camera files is not here: benchmarks of the whole mix need it")


def _is_camera(path: Path) -> bool:
    with Image.open(path) as image:
        exif = image.getexif()
    return bool(exif.get(0x010F) and exif.get(0x0110))


def _application_segments(content: bytes) -> bytes:
    kept, at = [content[:2]], 2
    while content[at] == 0xFF and content[at + 1] not in (0xDA, 0xC0, 0xC2):
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if content[at + 1] in range(0xE1, 0xF0) and content[at + 4 : at + 8] != b"MPF\0":
            kept.append(content[at:end])
        at = end
    return b"".join(kept)


def _without_start(picture: bytes) -> bytes:
    """A picture behind its SOI and JFIF segment."""
    return picture[4 + int.from_bytes(picture[4:6]) :]
