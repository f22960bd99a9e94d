"""Assets as JSON text, fast: what thousands of assets have in common is written once, and filled in.

A plain asset differs from others of its kind in path, size and hash only. Of the others, what was found in them differs too.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from json.encoder import encode_basestring
from operator import attrgetter, itemgetter
from typing import Any

from scanner.model.scan import AssetRecord
from scanner.model.text import escape_path
from scanner.report.json_asset import FOUND, Json, asset_json
from scanner.report.json_forms import Form
from scanner.report.seal import encodable

AT_HAND = 2048
"""Kinds of assets, and things found in them, that are kept as text; then all are forgotten."""

_MARK = secrets.token_hex(16)
"""Stands in a template where something is filled in. Nobody who made a file can know it."""
_HOLE = re.compile(f'"{_MARK}([a-z_]+)"')
_OWN = ("path", "size_bytes", "hash", "content_digest")
_FOUND_IN_FEW = (
    "members",
    "sidecars",
    "marks",
    "matches",
    "near_copies",
    "approvals",
    "decisions",
    "findings",
    "in_cut",
    "sealed",
    "manifests",
)
_found_in_few = attrgetter(*_FOUND_IN_FEW)
_NOTHING = ((), (), (), (), (), (), (), (), (), None, None)
_FEW_SHARE = ("credential_problems", "camera", "picture_note", "missing_frames", "generation", "people", "remote_url")
"""What assets in which nothing was found have alike, and others each for themselves."""
_THOUSANDS_SHARE = (
    *("root", "kind", "zone", "format", "hash.algorithm", "hash.origin", "provenance", "credentials", "verdict", "readings"),
    "fingerprinted",
)


class AssetTexts:
    """Writes assets in some forms at once.

    Args:
        forms: what to write.
        depth: how many objects and lists an asset stands in.
    """

    def __init__(self, *forms: Form, depth: int) -> None:
        self._forms = forms
        self._depth = depth
        self._plain = _Kinds((*_THOUSANDS_SHARE, *_FEW_SHARE), _OWN, forms, depth)
        self._others = _Kinds(_THOUSANDS_SHARE, (*_OWN, *_FOUND_IN_FEW, *_FEW_SHARE), forms, depth)
        self._found: dict[tuple[str, object], list[str]] = {}

    def write(self, record: AssetRecord) -> list[str]:
        """Return the text of an asset in each form."""
        path = record.path
        if not path.isascii() and escape_path(path)[1]:
            return [form(asset_json(record), self._depth) for form in self._forms]
        digest = record.hash.value
        own = (
            encode_basestring(path),
            str(record.size_bytes),
            "null" if digest is None else _text(digest),
            _text(record.content_digest),
        )
        if _found_in_few(record) == _NOTHING:
            return [template.text % template.pick(own) for template in self._plain.of(record)]
        found = zip(*(self._written(record, key) for key in (*_FOUND_IN_FEW, *_FEW_SHARE)), strict=True)
        return [
            template.text % template.pick((*own, *texts)) for template, texts in zip(self._others.of(record), found, strict=True)
        ]

    def _written(self, record: AssetRecord, key: str) -> list[str]:
        value = getattr(record, key)
        known = (key, value)
        if (texts := self._found.get(known)) is None:
            made = FOUND[key](record) if key in FOUND else value
            texts = [form(made, self._depth + 1) for form in self._forms]
            if len(self._found) >= AT_HAND:
                self._found.clear()
            self._found[known] = texts
        return texts


def _text(text: str) -> str:
    return encode_basestring(text) if text.isascii() else encodable(encode_basestring(text))


@dataclass(frozen=True, slots=True)
class _Template:
    """The text of a kind of assets in one form."""

    text: str
    """With ``%s`` in place of what is filled in."""
    pick: Callable[[Sequence[str]], Any]
    """Takes the values in the order of the text."""


class _Kinds:
    """Templates by what assets share: by the identity of these objects first, as to compare them takes longer than to write."""

    def __init__(self, shared: Sequence[str], holes: Sequence[str], forms: Sequence[Form], depth: int) -> None:
        self._shared = attrgetter(*shared)
        self._holes = holes
        self._forms = forms
        self._depth = depth
        self._by_identity: dict[tuple[int, ...], tuple[list[_Template], object]] = {}
        """The objects are held too: an identity is one only as long as its object is there."""
        self._by_value: dict[object, list[_Template]] = {}

    def of(self, record: AssetRecord) -> list[_Template]:
        shared = self._shared(record)
        identity = tuple(map(id, shared))
        if known := self._by_identity.get(identity):
            return known[0]
        templates = self._by_value.get(shared)
        if templates is None:
            if len(self._by_value) >= AT_HAND:
                self._by_value.clear()
            templates = self._by_value[shared] = [_template(record, form, self._holes, self._depth) for form in self._forms]
        if len(self._by_identity) >= AT_HAND:
            self._by_identity.clear()
        self._by_identity[identity] = templates, shared
        return templates


def _template(record: AssetRecord, form: Form, holes: Sequence[str], depth: int) -> _Template:
    fields: Json = asset_json(replace(record, path=""))
    fields |= {key: f"{_MARK}{key}" for key in holes if key != "hash"}
    fields["hash"] = {"algorithm": record.hash.algorithm, "value": f"{_MARK}hash", "origin": record.hash.origin}
    first, *rest = _HOLE.split(form(fields, depth))
    text = first.replace("%", "%%") + "".join("%s" + each.replace("%", "%%") for each in rest[1::2])
    return _Template(text, itemgetter(*map(holes.index, rest[::2])))
