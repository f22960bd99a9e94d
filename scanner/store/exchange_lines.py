"""One line of an exported library: a reference with all that belongs to it. What comes in is checked in every part."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from scanner.model.belongings import FEATURES_LIMIT_BYTES, Belongings, PackedFeatures
from scanner.model.matching import Fingerprint, GlobalHash, Reference, Rights, Role
from scanner.model.text import shown
from scanner.store.belonging_rows import BITS_LIMIT_BYTES, hash_rows
from scanner.store.kept_pictures import is_picture, is_thumbnail
from scanner.store.rows import reference_id

Types = Mapping[str, type | tuple[type, ...]]
"""Keys that a JSON object must have, no others, and the types of their values."""

_TEXT_LIMIT = 8192
_NAME_LIMIT = 200
_MANY = 100
"""Hashes, algorithms or collections of one reference."""
_LARGEST_SIDE_PX = 1 << 24
_SHA256 = re.compile(r"[0-9a-f]{64}")
_BITS = re.compile(r"[0-9a-f]{16}")
_HASH = re.compile(r"(?:[0-9a-f]{2})+")
_RIGHTS: Types = {"source": str, "owner": str, "licence": str, "no_ai_alteration": bool}
_FINGERPRINT_OF_1: Types = {"algorithm": str, "bits": str, "width": int, "height": int, "flat": bool}
_FINGERPRINT: Types = {**_FINGERPRINT_OF_1, "inner": list, "quality": int}
_GLOBAL_HASH: Types = {"algorithm": str, "variant": str, "bits": str}
_FEATURES: Types = {"algorithm": str, "count": int, "payload": str}
KEYS_OF_1: Types = {
    "role": str,
    "sha256": str,
    "name": str,
    "fingerprint": (dict, type(None)),
    "pixel_digest": str,
    "rights": dict,
    "thumbnail": (str, type(None)),
}
"""Keys of a line in an export of schema 1."""
KEYS: Types = {
    **KEYS_OF_1,
    "picture": (str, type(None)),
    "hashes": list,
    "plain_for": list,
    "features": list,
    "collections": list,
}
"""Keys of a line now."""
_ENCODED = ("thumbnail", "picture", "payload")
"""Keys whose text is base64, bounded by what it decodes to."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One reference of an exported library."""

    reference: Reference
    belongings: Belongings


class WrongLineError(ValueError):
    """What is wrong with a line."""


def columns_of(one: Reference, its: Belongings) -> dict[str, object]:
    """Return the line of a reference."""
    mark = one.fingerprint
    return {
        "role": one.role.value,
        "sha256": one.sha256,
        "name": one.name,
        "fingerprint": {name: getattr(mark, name) for name in _FINGERPRINT} if mark else None,
        "pixel_digest": one.pixel_digest,
        "rights": {name: getattr(one.rights, name) for name in _RIGHTS},
        "thumbnail": _text_of(its.thumbnail) if its.thumbnail else None,
        "picture": _text_of(its.picture) if its.picture else None,
        "hashes": [{name: getattr(each, name) for name in _GLOBAL_HASH} for each in its.hashes],
        "plain_for": list(its.plain_for),
        "features": [
            {"algorithm": each.algorithm, "count": each.count, "payload": _text_of(each.payload)} for each in its.features
        ],
        "collections": list(its.collections),
    }


def checked(value: object, types: Types) -> Mapping[str, object]:
    """Return a JSON object that has exactly these keys, with values of these types.

    Raises:
        WrongLineError: it is none.
    """
    if not isinstance(value, dict) or value.keys() != types.keys():
        raise WrongLineError(f"does not have exactly the keys {', '.join(types)}")
    for key, wanted in types.items():
        # True is an int to Python, not to us.
        if not isinstance(value[key], wanted) or (wanted is int and isinstance(value[key], bool)):
            raise WrongLineError(f"{key} is of the wrong type")
        if key not in _ENCODED and isinstance(value[key], str):
            _check_text(key, value[key], _TEXT_LIMIT)
    return value


def carried_of(line: Mapping[str, object]) -> Carried:
    """Return the reference that a line tells of, which `checked` has seen.

    Raises:
        WrongLineError: a value in it cannot be.
    """
    role, sha256 = cast(str, line["role"]), cast(str, line["sha256"])
    if role not in list(Role):
        raise WrongLineError(f"unknown role {shown(role, 40)}")
    if not _SHA256.fullmatch(sha256):
        raise WrongLineError("sha256 is no SHA-256")
    rights = checked(line["rights"], _RIGHTS)
    types = _FINGERPRINT if "hashes" in line else _FINGERPRINT_OF_1
    mark = None if line["fingerprint"] is None else _fingerprint(checked(line["fingerprint"], types))
    reference = Reference(
        reference_id(Role(role), sha256),
        Role(role),
        cast(str, line["name"]),
        sha256,
        mark,
        cast(str, line["pixel_digest"]),
        Rights(**rights),  # type: ignore[arg-type]  # checked just above
    )
    return Carried(reference, _belongings(reference.id, line))


def _belongings(one: str, line: Mapping[str, object]) -> Belongings:
    its = Belongings(
        thumbnail=_picture("thumbnail", line.get("thumbnail"), is_thumbnail, "no small JPEG"),
        picture=_picture("picture", line.get("picture"), is_picture, "no small WebP or JPEG"),
        hashes=tuple(_global_hash(checked(each, _GLOBAL_HASH)) for each in _few("hashes", line)),
        plain_for=tuple(_name("plain_for", each) for each in _few("plain_for", line)),
        features=tuple(_features(checked(each, _FEATURES)) for each in _few("features", line)),
        collections=tuple(_name("collections", each) for each in _few("collections", line)),
    )
    _refuse_twice("hashes", [(mark.algorithm, mark.variant) for mark in its.hashes])
    _refuse_twice("hashes and plain_for", [*{mark.algorithm for mark in its.hashes}, *its.plain_for])
    _refuse_twice("features", [mark.algorithm for mark in its.features])
    _refuse_twice("collections", its.collections)
    try:
        rows = hash_rows(one, its.hashes, its.plain_for)
    except ValueError as error:
        raise WrongLineError("the hashes of one algorithm differ in length, or a variant has no name") from error
    if any(len(cast(bytes, row["bits"])) > BITS_LIMIT_BYTES for row in rows):
        raise WrongLineError("the hashes are too long")
    return its


def _refuse_twice(key: str, values: Sequence[object]) -> None:
    if len(set(values)) != len(values):
        raise WrongLineError(f"{key} has one twice")


def _few(key: str, line: Mapping[str, object]) -> list[object]:
    values = cast("list[object]", line.get(key, []))
    if len(values) > _MANY:
        raise WrongLineError(f"{key} has more than {_MANY} entries")
    return values


def _fingerprint(columns: Mapping[str, object]) -> Fingerprint:
    box = cast("list[object]", columns.get("inner", []))
    if box and (len(box) != 4 or not all(isinstance(each, int | float) and 0 <= each <= 1 for each in box)):
        raise WrongLineError("inner is no box within a picture")
    mark = Fingerprint(**{**columns, "inner": tuple(map(float, cast("list[float]", box)))})  # type: ignore[arg-type]  # checked
    if not 0 <= mark.quality <= 100:
        raise WrongLineError("quality is not 0 to 100")
    if not _BITS.fullmatch(mark.bits):
        raise WrongLineError("bits are not 16 hexadecimal digits")
    if not (0 < mark.width <= _LARGEST_SIDE_PX and 0 < mark.height <= _LARGEST_SIDE_PX):
        raise WrongLineError("width and height are no size of a picture")
    return mark


def _global_hash(columns: Mapping[str, object]) -> GlobalHash:
    mark = GlobalHash(**columns)  # type: ignore[arg-type]  # checked by the caller
    _check_text("algorithm", mark.algorithm, _NAME_LIMIT)
    _check_text("variant", mark.variant, _NAME_LIMIT)
    if not _HASH.fullmatch(mark.bits):
        raise WrongLineError("bits of a hash are no hexadecimal digits")
    return mark


def _features(columns: Mapping[str, object]) -> PackedFeatures:
    algorithm, count = cast(str, columns["algorithm"]), cast(int, columns["count"])
    _check_text("algorithm", algorithm, _NAME_LIMIT)
    payload = _bytes_of("payload", cast(str, columns["payload"]))
    if len(payload) > FEATURES_LIMIT_BYTES or not 0 <= count <= len(payload):
        raise WrongLineError("the features are too large, or are not as many as they say")
    return PackedFeatures(algorithm, count, payload)


def _name(key: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise WrongLineError(f"{key} has something else than names")
    _check_text(key, value, _NAME_LIMIT)
    return value


def _picture(key: str, value: object, is_one: Callable[[bytes], bool], otherwise: str) -> bytes:
    if value is None:
        return b""
    content = _bytes_of(key, cast(str, value))
    if not is_one(content):
        raise WrongLineError(f"the {key} is {otherwise}")
    return content


def _text_of(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _bytes_of(key: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise WrongLineError(f"the {key} is no base64") from error


def _check_text(key: str, text: str, limit: int) -> None:
    if len(text) > limit or "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise WrongLineError(f"{key} is too long or no Unicode text")
