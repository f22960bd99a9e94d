"""From references to rows of the library and back, and what its digest covers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from heapq import merge
from itertools import chain
from typing import Any

from scanner.model.matching import Fingerprint, Reference, Rights, Role
from scanner.model.text import escape_path


def reference_id(role: Role, sha256: str) -> str:
    """Return the id of a reference: ``ai-`` and 16 digits. The same content has the same id in every library."""
    return f"{role.value}-{sha256[:16]}"


def digest_of(references: Iterable[Reference], belongings: Iterable[str] = ()) -> str:
    """Digest of what a library says, whatever the order and the names of its references.

    SHA-256 over role, content, fingerprint, pixels and rights of each, and over the lines that say what belongs to them: what
    is compared, and which collections they are in. Thumbnails do not count.
    """
    return _digest(sorted(chain(map(_line, references), belongings)))


def digest_in_order(references: Iterable[Reference], belongings: Iterable[str]) -> str:
    """Digest as `digest_of`, of references in the order of their ids and of lines in their own: nothing is gathered."""
    # Lines begin with role and content, as ids do.
    return _digest(merge(map(_line, references), belongings))


def row_of(one: Reference) -> dict[str, object]:
    """Return the columns of a reference; its id is derived anew."""
    mark = one.fingerprint
    return {
        "id": reference_id(one.role, one.sha256),
        "role": one.role.value,
        "sha256": one.sha256,
        "name": kept_text(one.name),
        "algorithm": mark.algorithm if mark else None,
        "bits": mark.bits if mark else None,
        "width": mark.width if mark else None,
        "height": mark.height if mark else None,
        "flat": mark.flat if mark else None,
        "inner_box": ",".join(map(repr, mark.inner)) if mark else "",
        "quality": mark.quality if mark else 0,
        "pixel_digest": one.pixel_digest,
        **rights_columns(one.rights),
    }


def rights_columns(rights: Rights) -> dict[str, object]:
    """Return the columns of a reference's rights."""
    return {
        "source": kept_text(rights.source),
        "owner": kept_text(rights.owner),
        "licence": kept_text(rights.licence),
        "no_ai_alteration": rights.no_ai_alteration,
    }


def kept_text(text: str) -> str:
    """Return text as any database can keep it: bytes that are no UTF-8 escaped, and NUL, which PostgreSQL has no place for."""
    return escape_path(text)[0].replace("\0", "\\x00")


def reference_of(row: Iterable[Any]) -> Reference:
    """Return the reference that a row of all columns holds, in the order of the table."""
    # Unpacked at once: a scan makes one of every reference, and columns by name take twice the time.
    one, role, sha256, name, algorithm, bits, width, height, flat, pixels, source, owner, licence, clause, box, quality = row
    mark = None if algorithm is None else Fingerprint(algorithm, bits, width, height, flat, box_of(box), quality)
    said = source or owner or licence or clause
    rights = Rights(source, owner, licence, clause) if said else _NO_RIGHTS
    return Reference(one, _ROLES[role], name, sha256, mark, pixels, rights)


def box_of(text: str) -> tuple[float, ...]:
    """Return the box within bars that a column holds; none where it holds no four numbers."""
    try:
        box = tuple(map(float, text.split(","))) if text else ()
    except ValueError:
        return ()
    return box if len(box) == 4 else ()


def _digest(lines: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode())
    return digest.hexdigest()


def _line(one: Reference) -> str:
    mark = one.fingerprint
    hashed = f"{mark.algorithm}:{mark.bits}:{int(mark.flat)}" if mark else ""
    if mark and (mark.inner or mark.quality):
        hashed += f":{mark.quality}:{','.join(map(repr, mark.inner))}"
    rights = "" if one.rights == _NO_RIGHTS else json.dumps(list(rights_columns(one.rights).values()))
    return f"{one.role.value}|{one.sha256}|{hashed}|{one.pixel_digest}|{rights}\n"


_NO_RIGHTS = Rights()
_ROLES = {role.value: role for role in Role}
