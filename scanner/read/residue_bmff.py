"""ISO base media files: ComfyUI's box, Samsung's trailer in HEIC, movie tags out of order, Kling's note in H.264."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

from scanner.read.residue_harvest import TEXT_LIMIT_BYTES, Harvest, decode_text
from scanner.read.residue_movie_tags import harvest_movie_tags
from scanner.read.residue_samsung import harvest_samsung
from scanner.tools.bounded import UnfetchedError
from scanner.tools.containers.bmff import Box, boxes
from scanner.tools.containers.media_spans import MEDIA_HEAD_BYTES
from scanner.tools.containers.source import Source

_COMFY = b"comfyui_workflow"
"""The box type's sixteen bytes spell this (github:comfyanonymous/ComfyUI nodes_images.py)."""
_KLING = bytes.fromhex("91ca60614aee385486142d5f73f4ae2e")
_NOTE_FIELD = f"H264-SEI:{uuid.UUID(bytes=_KLING)}"
"""Programs of all kinds write messages of their own (x264 its settings); the UUID says whose it is."""
_MESSAGE_HEADER = re.compile(rb"\x05(\xff*)([\x00-\xfe])\Z", re.DOTALL)
"""Payload type user_data_unregistered and its size, ITU-T H.264 sections 7.3.2.3.1 and D.1.7."""
_STREAM_LIMIT_BYTES = 4 << 20
"""Media bytes searched: a stream's messages stand in its first access units. Sixteen bytes do not occur by chance, and the
message's header must stand before them."""
_NOTE_LIMIT_BYTES = 1024
_PRINTABLE = re.compile(r"[\x20-\x7e]+")


def harvest_bmff(source: Source, harvest: Harvest) -> None:
    """Read the boxes that ExifTool does not name."""
    for box in _walk(source, harvest):
        _harvest_box(source, box, harvest)


def harvest_movie(source: Source, harvest: Harvest) -> None:
    """Read the boxes, and the beginning of the media."""
    left_bytes = _STREAM_LIMIT_BYTES
    for box in _walk(source, harvest):
        _harvest_box(source, box, harvest)
        if box.kind == b"mdat" and left_bytes > 0:
            _harvest_stream(source, box, left_bytes, harvest)
            left_bytes -= box.size


def _walk(source: Source, harvest: Harvest) -> Iterator[Box]:
    for box in boxes(source):
        yield box
        if box.end > source.size_bytes:
            harvest.warn("the file ends inside a box")


def _harvest_box(source: Source, box: Box, harvest: Harvest) -> None:
    if box.kind == b"uuid" and source.at(box.start, 16) == _COMFY:
        text = source.take(box.start + 16, box.end - box.start - 16, TEXT_LIMIT_BYTES)
        harvest.add("BMFF-uuid:comfyui_workflow", decode_text(text))
    elif box.kind == b"sefd":
        harvest_samsung(source, box.end, harvest)
    elif box.kind == b"moov":
        harvest_movie_tags(source, box, harvest)


def _harvest_stream(source: Source, media: Box, limit_bytes: int, harvest: Harvest) -> None:
    end = min(media.end, media.start + limit_bytes)
    near = min(end, media.start + MEDIA_HEAD_BYTES)
    found = source.find(_KLING, media.start, near)
    try:
        found = found or source.find(_KLING, near - len(_KLING) + 1, end)
    except UnfetchedError:
        harvest.warn(f"of its media {MEDIA_HEAD_BYTES >> 10} kB were fetched, and no note was looked for further in")
    if found is not None:
        harvest.add(_NOTE_FIELD, _note(source, found))


def _note(source: Source, found: int) -> str:
    """Return the text of the message whose UUID stands at `found`; empty where no message's header stands before it."""
    header = _MESSAGE_HEADER.search(source.at(max(0, found - 8), min(found, 8)))
    size = 255 * len(header[1]) + header[2][0] if header else 0
    text = source.at(found + 16, min(size - 16, _NOTE_LIMIT_BYTES)).decode("utf-8", "replace")
    return " ".join(_PRINTABLE.findall(text))
