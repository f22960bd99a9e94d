"""What is text: decoding its head, and telling markup, subtitles, edit lists and tables apart. Nothing is parsed."""

from __future__ import annotations

import codecs
import re

from scanner.tools.containers.source import READ_LIMIT_BYTES, Source

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SHORTEST_FOREIGN = 64
"""Fewer bytes than this in no known encoding say nothing: half of all short random strings hold no control character."""

_ROOTS = {
    "svg": "svg",
    "html": "html",
    "tt": "ttml",
    "xmpmeta": "xmp",
    "xapmeta": "xmp",
    "RDF": "xmp",
}
_NAME = re.compile(r"<([A-Za-z_][\w.\-]{0,100}:)?([A-Za-z_][\w.\-]{0,100})[\s/>]")
_SRT = re.compile(r"\A\d{1,9}[ \t]*\n[ \t]*\d{1,3}:\d{1,2}:\d{1,2}[,.]\d{1,3}[ \t]*-->")
_EDL = re.compile(r"\A(?:TITLE:|FCM:|\d{3,6}[ \t]+\S{1,64}[ \t]+(?:V|A|B|AA|NONE|V\d|A\d|AA/V)\b)")
_CUBE = re.compile(r"^(?:LUT_[13]D_SIZE|DOMAIN_MIN)[ \t]", re.MULTILINE)
_OPENINGS = (
    ("WEBVTT", "vtt"),
    ("Scenarist_SCC", "scc"),
    ("[Script Info]", "ass"),
    ("{", "json"),
    ("[", "json"),
)
_SHAPES = ((_SRT, "srt"), (_CUBE, "cube"), (_EDL, "edl"))
SIGNATURELESS = frozenset({"text", "csv"})
"""Kinds that any text passes for: too little to say that a file called ``.mov`` is one of them."""


def recognise(source: Source) -> str | None:
    """Name a text format; None where the bytes are no text."""
    text = decode(source.at(0, READ_LIMIT_BYTES))
    if text is None:
        return None
    text = text.lstrip("\ufeff \t\r\n\f").replace("\r\n", "\n").replace("\r", "\n")
    return name_text(text)


def decode(raw: bytes) -> str | None:
    """Decode the head of a text file; None where it holds what no text does."""
    if not raw:
        return None
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _without_controls(raw[len(mark) :].decode(encoding, "replace"))
    if unmarked := _unmarked_utf16(raw):
        return _without_controls(raw.decode(unmarked, "replace"))
    try:
        # Incremental: the head may end in the middle of a character.
        return _without_controls(codecs.getincrementaldecoder("utf-8")().decode(raw))
    except UnicodeDecodeError:
        return _without_controls(raw.decode("latin-1")) if _may_be_foreign(raw) else None


def _may_be_foreign(raw: bytes) -> bool:
    """Text in an old encoding still has blanks or line ends; a run of 0xFF from an erased card has none."""
    return len(raw) >= _SHORTEST_FOREIGN and any(blank in raw for blank in (b" ", b"\n", b"\r", b"\t"))


def _unmarked_utf16(raw: bytes) -> str | None:
    """Subtitle programs for Windows write UTF-16 without a mark: every other byte of the first line is zero."""
    head = raw[:32]
    if len(head) < 8:
        return None
    even, odd = head[0::2], head[1::2]
    if not any(odd) and all(even):
        return "utf-16-le"
    return "utf-16-be" if not any(even) and all(odd) else None


def _without_controls(text: str) -> str | None:
    return None if _CONTROL.search(text) else text


def name_text(text: str) -> str:
    """Name decoded text by its opening; ``text`` where nothing more can be said."""
    if text.startswith("<"):
        return _name_markup(text)
    opened = (name for opening, name in _OPENINGS if text.startswith(opening))
    shaped = (name for shape, name in _SHAPES if shape.search(text))
    return next(opened, None) or next(shaped, None) or ("csv" if _is_table(text) else "text")


def _name_markup(text: str) -> str:
    root = find_root(text)
    if root is not None:
        return "html" if root.lower() == "html" else _ROOTS.get(root, "xml")
    if text[:14].lower().startswith("<!doctype html"):
        return "html"
    return "xmp" if text.startswith("<?xpacket") else "xml"


def find_root(text: str) -> str | None:
    """Return the local name of the first element, past declarations, comments and instructions; None where none is near."""
    offset = 0
    while (offset := text.find("<", offset)) >= 0:
        if text.startswith("<!--", offset):
            end = text.find("-->", offset + 4)
        elif text.startswith("<?", offset):
            end = text.find("?>", offset + 2)
        elif text.startswith("<!", offset):
            end = _declaration_end(text, offset)
        else:
            found = _NAME.match(text, offset)
            return found.group(2) if found else None
        if end < 0:
            return None
        offset = end + 1
    return None


def _declaration_end(text: str, offset: int) -> int:
    """A document type may hold declarations of its own between square brackets; Illustrator's do."""
    close, bracket = text.find(">", offset), text.find("[", offset)
    if 0 <= bracket < close:
        inner = text.find("]", bracket)
        return text.find(">", inner) if inner >= 0 else -1
    return close


def _is_table(text: str) -> bool:
    lines = [line for line in text.split("\n", 8)[:8] if line.strip()][:3]
    if len(lines) < 2:
        return False
    return any(0 < lines[0].count(mark) == lines[1].count(mark) == lines[-1].count(mark) for mark in (",", ";", "\t"))
