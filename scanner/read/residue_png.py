"""PNG and APNG: ComfyUI's private chunk, compressed texts, and the comment in an EXIF chunk."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.read.residue_comment import harvest_comment
from scanner.read.residue_harvest import TEXT_LIMIT_BYTES, Harvest, decode_text
from scanner.tools.containers.png import chunks
from scanner.tools.containers.source import Source

_KEYWORD = re.compile(r"[\x20-\x7e\xa1-\xff]{1,79}")
"""ISO/IEC 15948, 11.3.3.2."""
_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_COMPRESSED = 1
_TEXT_CHUNKS_LIMIT = 1024

_Chunk = tuple[bytes, int, int]


def harvest_png(source: Source, harvest: Harvest) -> None:
    """Read what ExifTool leaves.

    Texts are given under ExifTool's own field names (``PNG:parameters``) and only where one of them is compressed, which a
    Perl without zlib cannot read; then all of them, since a prompt beside a workflow decides what the workflow means.
    """
    walked = list(chunks(source))
    for kind, offset, length in walked:
        if kind == b"comf":
            _harvest_private(source.take(offset + 8, length, TEXT_LIMIT_BYTES), harvest)
        elif kind == b"eXIf":
            harvest_comment(source.at(offset + 8, length), harvest)
    texts = [chunk for chunk in walked if chunk[0] in _TEXTS][:_TEXT_CHUNKS_LIMIT]
    if any(_is_compressed(source, chunk) for chunk in texts):
        for chunk in texts:
            _harvest_text(source, chunk, harvest)
    _, offset, length = walked[-1] if walked else (b"", 0, 0)
    if offset + 12 + length > source.size_bytes:
        harvest.warn("the file ends inside a chunk")


def _harvest_private(content: bytes, harvest: Harvest) -> None:
    """ComfyUI's SaveAnimatedPNG writes ``comf`` chunks as keyword, zero, JSON (github:comfyanonymous/ComfyUI nodes_images.py)."""
    keyword, zero, text = content.partition(b"\0")
    name = keyword.decode("latin-1")
    if zero and _KEYWORD.fullmatch(name):
        harvest.add(f"PNG-comf:{name}", decode_text(text))


def _is_compressed(source: Source, chunk: _Chunk) -> bool:
    kind, offset, length = chunk
    if kind != b"iTXt":
        return kind == b"zTXt"
    _, zero, rest = source.at(offset + 8, min(length, 82)).partition(b"\0")
    return bool(zero) and rest[:1] == bytes((_COMPRESSED,))


def _harvest_text(source: Source, chunk: _Chunk, harvest: Harvest) -> None:
    kind, offset, length = chunk
    keyword, _, rest = source.take(offset + 8, length, harvest.room_bytes).partition(b"\0")
    name = keyword.decode("latin-1")
    if not _KEYWORD.fullmatch(name):
        return
    for language, text in _texts(kind, rest, harvest):
        harvest.add(f"PNG:{name}{language}", decode_text(text))


def _texts(kind: bytes, rest: bytes, harvest: Harvest) -> Iterator[tuple[str, bytes]]:
    """Yield a language as ExifTool adds it to a tag's name, and the text."""
    match kind:
        case b"tEXt":
            yield "", rest
        case b"zTXt":
            yield "", harvest.inflate(rest[1:])
        case _:
            language, _, translated = rest[2:].partition(b"\0")
            text = translated.partition(b"\0")[2]
            yield _suffix(language), harvest.inflate(text) if rest[:1] == bytes((_COMPRESSED,)) else text


def _suffix(language: bytes) -> str:
    name = language.decode("latin-1")
    return f"-{name}" if re.fullmatch(r"[A-Za-z0-9-]{2,32}", name) else ""
