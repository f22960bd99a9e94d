"""``docs/formats.md``: every format, what can be read in it and what not."""

from __future__ import annotations

from collections.abc import Iterable

from scanner.model.formats import Format, MediaKind
from scanner.probe.formats import ALL, LITTER
from scripts.doc_pages.markdown import NOTICE, table

_INTRODUCTION = """# Formats

{notice}

What a file is, is told by its bytes; the extension is only a hint to disagree with (`scanner explain wrong-extension`).
*Metadata* is what ExifTool and our own readers find, *credentials* are C2PA manifests inside the file or beside it (`name.c2pa`),
*picture* says whether pictures are compared with one another and with a library. A dash means: not in this format. What cannot be
read never passes in silence: the report counts it, by format.

In formats without their own credentials reader the state is `not-checkable`. Files over 2 GiB are not hashed, and their
credentials are read without the hash check (`not-verified`). Of a numbered sequence every frame's metadata is read, and its
pictures are looked through like a film's ([film.md](film.md)). A file whose bytes fit no format below is `unknown`: ExifTool
still tries it.

JPEG, PNG, WebP, TIFF and WAVE files whose container holds nothing, or only ordinary metadata in which no mark looks for
anything or the mark stands in plain text, are read by the scanner itself and handed to neither ExifTool nor the C2PA library; the
result is the same ([decision 9](decisions/0009-bare-files.md), [decision 31](decisions/0031-plain-files.md),
[decision 36](decisions/0036-marks-without-exiftool.md)). `--thorough` asks both about all.
"""
_TITLES = {
    MediaKind.STILL: "Stills",
    MediaKind.VIDEO: "Moving pictures",
    MediaKind.AUDIO: "Sound",
    MediaKind.DOCUMENT: "Documents",
    MediaKind.NOT_MEDIA: "Not media: counted, never judged",
    MediaKind.UNKNOWN: "Unknown",
}


def formats_page() -> str:
    """Return the page of all formats, by kind."""
    parts = [_INTRODUCTION.format(notice=NOTICE.format(source="the tables of `scanner/probe`"))]
    media = [kind for kind in MediaKind if kind.is_media]
    parts += [_section(kind, [one for one in ALL if one.kind is kind]) for kind in media]
    others = [one for one in ALL if not one.kind.is_media and one.name not in LITTER]
    parts.append(f"## {_TITLES[MediaKind.NOT_MEDIA]}\n")
    parts.append(table(("format", "name", "extensions"), ((f"`{one.name}`", one.title, _extensions(one)) for one in others)))
    parts.append("## Operating-system litter: counted, known by content\n")
    parts.append(table(("format", "name"), ((f"`{one.name}`", one.title) for one in ALL if one.name in LITTER)))
    return "\n".join(parts)


def _section(kind: MediaKind, formats: Iterable[Format]) -> str:
    rows = [
        (
            f"`{one.name}`",
            one.title,
            _extensions(one),
            _yes(one.metadata),
            _yes(one.credentials),
            _yes(one.picture),
            one.limits or "–",
        )
        for one in formats
    ]
    head = ("format", "name", "extensions", "metadata", "credentials", "picture", "what cannot be read")
    return f"## {_TITLES[kind]}\n\n{table(head, rows)}"


def _extensions(one: Format) -> str:
    return " ".join(f".{extension}" for extension in one.extensions) or "–"


def _yes(read: bool) -> str:
    return "read" if read else "–"
