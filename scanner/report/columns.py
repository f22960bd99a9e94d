r"""Text in terminal columns: how wide it stands, where it may be cut, where it may break.

All functions take text as it came, and return text that is safe to show: cutting happens between whole characters of the
source, so that neither an escape such as ``\x1b`` nor a letter and its accent is torn apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from scanner.model.text import shown

ELLIPSIS = "…"
SEPARATOR = " · "
_EMOJI_STYLE = "\ufe0f"
"""Variation selector 16: asks for the two-column picture form of a character (Unicode TS 51)."""


def cells(text: str) -> list[tuple[str, int]]:
    """Return the smallest pieces of `text` that may stand apart, made safe, each with its width in columns."""
    pieces: list[tuple[str, int]] = []
    for char in text:
        if pieces and unicodedata.category(char) in ("Mn", "Me"):
            before, width = pieces[-1]
            pieces[-1] = (before + char, 2 if char == _EMOJI_STYLE else width)
        else:
            piece = shown(char)
            pieces.append((piece, len(piece) if piece != char else _width(char)))
    return pieces


def width_of(text: str) -> int:
    """Return how many columns `text` takes when it is shown."""
    return sum(width for _, width in cells(text))


def cut_end(text: str, room: int) -> str:
    """Return `text` in at most `room` columns, its end left out where it does not fit."""
    pieces = cells(text)
    return _joined(pieces) if _total(pieces) <= room else _head(pieces, room - 1) + ELLIPSIS


def cut_middle(text: str, room: int) -> str:
    """Return `text` in at most `room` columns, its middle left out: a path's end, the name, says most."""
    pieces = cells(text)
    if _total(pieces) <= room:
        return _joined(pieces)
    head = _head(pieces, (room - 1) // 3)
    tail = _tail(pieces, room - 1 - width_of(head))
    return head + ELLIPSIS + tail


def wrap(text: str, room: int) -> list[str]:
    """Return `text` as lines of at most `room` columns, broken at spaces; a longer word is broken anywhere."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if width_of(joined) <= room:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = hard_wrap(word, room)
        lines += full
    return [cut_end(each, room) for each in [*lines, line]]


def hard_wrap(text: str, room: int) -> list[str]:
    """Return `text` whole, as lines of at most `room` columns, broken anywhere."""
    lines, used = [""], 0
    for piece, width in cells(text):
        if used + width > room and lines[-1]:
            lines.append("")
            used = 0
        lines[-1] += piece
        used += width
    return lines


def flow(phrases: Iterable[str], room: int) -> list[str]:
    """Return phrases joined by dots as lines of at most `room` columns, broken between phrases where that is possible."""
    lines: list[str] = []
    for phrase in phrases:
        joined = f"{lines[-1]}{SEPARATOR}{phrase}" if lines else phrase
        if lines and width_of(joined) <= room:
            lines[-1] = shown(joined)
        else:
            lines += wrap(phrase, room)
    return lines


def _width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def _total(pieces: list[tuple[str, int]]) -> int:
    return sum(width for _, width in pieces)


def _joined(pieces: list[tuple[str, int]]) -> str:
    return "".join(piece for piece, _ in pieces)


def _head(pieces: list[tuple[str, int]], room: int) -> str:
    used, kept = 0, []
    for piece, width in pieces:
        used += width
        if used > room:
            break
        kept.append(piece)
    return "".join(kept)


def _tail(pieces: list[tuple[str, int]], room: int) -> str:
    used, kept = 0, []
    for piece, width in reversed(pieces):
        used += width
        if used > room:
            break
        kept.append(piece)
    return "".join(reversed(kept))
