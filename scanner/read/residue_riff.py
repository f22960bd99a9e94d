"""RIFF: the China label as a chunk of its own or in the INFO list, and the comment in WebP's EXIF chunk."""

from __future__ import annotations

from scanner.read.residue_comment import harvest_comment
from scanner.read.residue_harvest import TEXT_LIMIT_BYTES, Harvest, decode_text
from scanner.tools.containers.riff import STREAMING, Chunk, chunks, list_chunks
from scanner.tools.containers.source import Source

_LABEL = b"AIGC"


def harvest_riff(source: Source, harvest: Harvest) -> None:
    """Read the chunks that ExifTool shows only as unknown, if at all."""
    for chunk in chunks(source):
        if chunk.kind == _LABEL:
            _harvest_label(source, chunk, "RIFF:AIGC", harvest)
        elif chunk.kind == b"EXIF":
            harvest_comment(source.at(chunk.start, chunk.size), harvest)
        elif chunk.kind == b"LIST" and source.at(chunk.start, 4) == b"INFO":
            for inner in list_chunks(source, chunk):
                if inner.kind == _LABEL:
                    _harvest_label(source, inner, "RIFF-INFO:AIGC", harvest)
        if chunk.size not in STREAMING and chunk.start + chunk.size > source.size_bytes + 1:
            harvest.warn("the file ends inside a chunk")


def _harvest_label(source: Source, chunk: Chunk, field: str, harvest: Harvest) -> None:
    harvest.add(field, decode_text(source.take(chunk.start, chunk.size, TEXT_LIMIT_BYTES)))
