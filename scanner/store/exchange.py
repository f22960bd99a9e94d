"""The library as JSON lines, to carry from one place to another.

The first line names the schema, the number of references and their digest; each further line is one reference.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, cast

from scanner.model.errors import UsageError
from scanner.model.matching import Fingerprint, Reference, Rights, Role
from scanner.model.protocols import ReferenceStore
from scanner.model.text import shown
from scanner.store.library import BATCH
from scanner.store.rows import digest_of, reference_id
from scanner.store.thumbnails import is_thumbnail

SCHEMA = "media-provenance-scanner/library/1"
_LINE_LIMIT_BYTES = 128 << 10
_TEXT_LIMIT = 8192
_LARGEST_SIDE_PX = 1 << 24
_SHA256 = re.compile(r"[0-9a-f]{64}")
_BITS = re.compile(r"[0-9a-f]{16}")
_Types = Mapping[str, type | tuple[type, ...]]
_HEADER: _Types = {"schema": str, "references": int, "sha256": str}
_RIGHTS: _Types = {"source": str, "owner": str, "licence": str, "no_ai_alteration": bool}
_FINGERPRINT: _Types = {"algorithm": str, "bits": str, "width": int, "height": int, "flat": bool}
_LINE: _Types = {
    "role": str,
    "sha256": str,
    "name": str,
    "fingerprint": (dict, type(None)),
    "pixel_digest": str,
    "rights": dict,
    "thumbnail": (str, type(None)),
}


@dataclass(frozen=True, slots=True)
class Carried:
    """One reference of an exported library."""

    reference: Reference
    thumbnail: bytes


class _WrongLineError(ValueError):
    """What is wrong with a line."""


def export_lines(store: ReferenceStore) -> Iterator[bytes]:
    """Yield the lines of an export; references that are added meanwhile are left out or make the file's digest wrong."""
    references = tuple(store.references())
    yield _encoded({"schema": SCHEMA, "references": len(references), "sha256": digest_of(references)})
    for start in range(0, len(references), BATCH):
        page = references[start : start + BATCH]
        thumbnails = store.thumbnails([one.id for one in page])
        yield from (_encoded(_columns(one, thumbnails.get(one.id))) for one in page)


def import_lines(stream: BinaryIO, where: str) -> Iterator[Carried]:
    """Read an export, line by line, and check each; at its end, that it was whole.

    Nothing of what is yielded is to be used before the end was reached: read it twice.

    Raises:
        UsageError: no export, damaged, or made by hand and wrong; says in which line.
    """
    number, lines = 1, list[Reference]()
    try:
        expected, digest = _header(_line_of(stream))
        while number := number + 1:
            if not (line := _line_of(stream)):
                break
            carried = _carried(_parsed(line, _LINE))
            lines.append(carried.reference)
            yield carried
        if len(lines) != expected:
            raise _WrongLineError(f"the file ends after {len(lines)} of {expected} references")
    except _WrongLineError as error:
        raise UsageError(f"line {number}: {error}", where=where, next_step="Export the library again") from error
    if digest_of(lines) != digest:
        raise UsageError("the references are not those that were exported", where=where, next_step="Export the library again")


def import_into(store: ReferenceStore, stream: BinaryIO, where: str) -> tuple[int, int]:
    """Add all references of an export, after the whole of it was checked; returns how many were new, and known already.

    Raises:
        UsageError: as `import_lines`; nothing was added. StoreError: the library cannot be written.
    """
    total = sum(1 for _ in import_lines(stream, where))
    stream.seek(0)
    again, new = import_lines(stream, where), 0
    while batch := list(islice(again, BATCH)):
        thumbnails = {one.reference.id: one.thumbnail for one in batch if one.thumbnail}
        new += store.add((one.reference for one in batch), thumbnails)
    return new, total - new


def _columns(one: Reference, thumbnail: bytes | None) -> dict[str, object]:
    mark = one.fingerprint
    return {
        "role": one.role.value,
        "sha256": one.sha256,
        "name": one.name,
        "fingerprint": {name: getattr(mark, name) for name in _FINGERPRINT} if mark else None,
        "pixel_digest": one.pixel_digest,
        "rights": {name: getattr(one.rights, name) for name in _RIGHTS},
        "thumbnail": base64.b64encode(thumbnail).decode("ascii") if thumbnail else None,
    }


def _encoded(columns: Mapping[str, object]) -> bytes:
    return json.dumps(columns, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _line_of(stream: BinaryIO) -> bytes:
    line = stream.readline(_LINE_LIMIT_BYTES + 1)
    if len(line) > _LINE_LIMIT_BYTES:
        raise _WrongLineError("is too long")
    return line


def _header(line: bytes) -> tuple[int, str]:
    header = _parsed(line, _HEADER)
    if header["schema"] != SCHEMA:
        raise _WrongLineError(f"the schema is {shown(str(header['schema']), 80)}, this scanner reads {SCHEMA}")
    return cast(int, header["references"]), cast(str, header["sha256"])


def _parsed(line: bytes, types: _Types) -> Mapping[str, object]:
    try:
        parsed: object = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _WrongLineError("is no JSON") from error
    return _checked(parsed, types)


def _checked(value: object, types: _Types) -> Mapping[str, object]:
    if not isinstance(value, dict) or value.keys() != types.keys():
        raise _WrongLineError(f"does not have exactly the keys {', '.join(types)}")
    for key, wanted in types.items():
        # True is an int to Python, not to us.
        if not isinstance(value[key], wanted) or (wanted is int and isinstance(value[key], bool)):
            raise _WrongLineError(f"{key} is of the wrong type")
        if key != "thumbnail" and isinstance(value[key], str):
            _check_text(key, value[key])
    return value


def _check_text(key: str, text: str) -> None:
    if len(text) > _TEXT_LIMIT or "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise _WrongLineError(f"{key} is too long or no Unicode text")


def _carried(line: Mapping[str, object]) -> Carried:
    role, sha256 = cast(str, line["role"]), cast(str, line["sha256"])
    if role not in list(Role):
        raise _WrongLineError(f"unknown role {shown(role, 40)}")
    if not _SHA256.fullmatch(sha256):
        raise _WrongLineError("sha256 is no SHA-256")
    rights = _checked(line["rights"], _RIGHTS)
    mark = None if line["fingerprint"] is None else _fingerprint(_checked(line["fingerprint"], _FINGERPRINT))
    reference = Reference(
        reference_id(Role(role), sha256),
        Role(role),
        cast(str, line["name"]),
        sha256,
        mark,
        cast(str, line["pixel_digest"]),
        Rights(**rights),  # type: ignore[arg-type]  # checked just above
    )
    return Carried(reference, _thumbnail(cast("str | None", line["thumbnail"])))


def _fingerprint(columns: Mapping[str, object]) -> Fingerprint:
    mark = Fingerprint(**columns)  # type: ignore[arg-type]  # checked by the caller
    if not _BITS.fullmatch(mark.bits):
        raise _WrongLineError("bits are not 16 hexadecimal digits")
    if not (0 < mark.width <= _LARGEST_SIDE_PX and 0 < mark.height <= _LARGEST_SIDE_PX):
        raise _WrongLineError("width and height are no size of a picture")
    return mark


def _thumbnail(text: str | None) -> bytes:
    if text is None:
        return b""
    try:
        jpeg = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _WrongLineError("the thumbnail is no base64") from error
    if not is_thumbnail(jpeg):
        raise _WrongLineError("the thumbnail is no small JPEG")
    return jpeg
