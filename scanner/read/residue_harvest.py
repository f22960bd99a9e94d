"""What the residue walks bring home, and the bounds that all of them share."""

from __future__ import annotations

import contextlib
import zlib

from scanner.model.readings import Failed, Found, NotFound, Outcome, Statement

TEXT_LIMIT_BYTES = 8 << 20
"""Bytes kept of one text, compressed ones after inflating; the largest ComfyUI graphs with embedded pictures are about this."""
TOTAL_LIMIT_BYTES = 32 << 20
"""Bytes of text kept of one file."""
STATEMENTS_LIMIT = 512
"""Statements kept of one file; a PNG can hold a hundred thousand chunks."""
_WARNINGS_LIMIT = 8
_PIECE_BYTES = 512

GZIP, ZLIB = 31, 15
"""Window arguments of zlib for the two wrappings."""


class Harvest:
    """Collects statements and complaints of one file under one budget."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.warnings: list[str] = []
        self._lost = ""
        self._left_bytes = TOTAL_LIMIT_BYTES

    @property
    def room_bytes(self) -> int:
        """How many bytes the next text may have; 0 where the file's budget is spent."""
        return min(self._left_bytes, TEXT_LIMIT_BYTES) if len(self.statements) < STATEMENTS_LIMIT else 0

    def add(self, field: str, text: str) -> None:
        """Keep a text under `field`, cut to the room there is; one that is blank or there already is left out."""
        text = text[: self.room_bytes].strip("\0 \t\r\n")
        statement = Statement(field, text)
        if not text or statement in self.statements:
            return
        self._left_bytes -= len(text)
        self.statements.append(statement)

    def warn(self, what: str) -> None:
        """Keep a complaint, once."""
        if what not in self.warnings and len(self.warnings) < _WARNINGS_LIMIT:
            self.warnings.append(what)

    def lose(self, what: str) -> None:
        """Tell that a text stands there and cannot be read: the reading has failed, whatever else it brings."""
        self._lost = self._lost or what

    def inflate(self, packed: bytes, wrapping: int = ZLIB) -> bytes:
        """Inflate no more than there is room for; a broken stream gives what came before the break, with a complaint."""
        room, parts, stream = self.room_bytes, [], zlib.decompressobj(wrapping)
        # zlib takes 0 as "no limit", and gives nothing of a piece in which it finds a break.
        with contextlib.suppress(zlib.error):
            for at in range(0, len(packed), _PIECE_BYTES):
                if room <= 0:
                    break
                parts.append(stream.decompress(packed[at : at + _PIECE_BYTES], room))
                room -= len(parts[-1])
        if room > 0 and not stream.eof:
            self.lose("a compressed text is broken")
        return b"".join(parts)

    def outcome(self) -> Outcome:
        """Return what the reading came to."""
        warnings = tuple(self.warnings)
        if self._lost:
            return Failed(self._lost, tuple(self.statements))
        return Found(tuple(self.statements), warnings=warnings) if self.statements else NotFound(warnings)


def decode_text(raw: bytes) -> str:
    """Decode a text of unknown charset: UTF-8, or else Latin-1, which PNG prescribes and nothing contradicts."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
