"""Policies: what each observation weighs, as TOML. Checked whole when loaded, so that no file is read under a broken one.

A policy file holds ``name``, ``document``, ``date``, ``note`` and one table a rule: zone → severity. Under a rule's table a
sub-table of the same shape weighs one of its cases apart.
"""

from __future__ import annotations

import datetime
import difflib
import hashlib
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType

from scanner.judge.rules.registry import ALL_RULES, DELIVERY_RULES
from scanner.model.approvals import Category
from scanner.model.errors import CatalogueError
from scanner.model.judging import Observation, Severity, Zone
from scanner.model.scan import PolicyStamp

SILENT = "silent"
"""The word for an observation that makes no finding."""
ELSEWHERE = "elsewhere"
"""The key for all zones a table does not name."""
APPROVAL = "approval"
"""The key for the approval categories that can allow what a rule found."""
DELIVERY = "delivery"
"""The key for rules about the delivery as a whole."""

Weight = Severity | None
"""How much an observation weighs; None where the policy is silent about it."""

_TEXTS = ("name", "document", "date", "note")
_ZONES = tuple(zone.value for zone in Zone)
_SEVERITIES = (*(severity.value for severity in Severity), SILENT)
_CASES = {rule.CARD.id: rule.CASES for rule in ALL_RULES}
_DELIVERY_IDS = {rule.CARD.id for rule in DELIVERY_RULES}


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules weighed by zone, and where that reading comes from."""

    name: str
    document: str
    """The document that this policy reads."""
    date: str
    """Of the document, as precisely as it is known."""
    note: str
    sha256: str
    """Of the policy file's bytes."""
    weights: Mapping[tuple[str, str, str], Weight]
    """Rule, case, zone (or `DELIVERY`) → weight, for every rule, case and zone there is."""
    approvable: Mapping[str, tuple[Category, ...]]
    """Rule → approval categories that can allow what it found; a rule that is not named can only be mended."""

    @property
    def stamp(self) -> PolicyStamp:
        """What a report names it by."""
        return PolicyStamp(self.name, self.sha256, self.document, self.date)

    def weigh(self, observation: Observation, zone: Zone | None) -> Weight:
        """Return the severity of an observation in a zone, or of one about the delivery where `zone` is None."""
        return self.weights[observation.rule, observation.case, DELIVERY if zone is None else zone.value]


def packaged_policies() -> tuple[str, ...]:
    """Return the names of the policies that are shipped, sorted."""
    return tuple(sorted(path.name.removesuffix(".toml") for path in _folder().iterdir() if path.name.endswith(".toml")))


def load_packaged(name: str = "default") -> Policy:
    """Load a policy that is shipped.

    Raises:
        CatalogueError: no such policy is shipped.
    """
    names = packaged_policies()
    if name not in names:
        raise CatalogueError(f"there is no policy named {name!r}", next_step=_nearest(name, names))
    return parse_policy((_folder() / f"{name}.toml").read_bytes(), f"{name}.toml")


def parse_policy(content: bytes, where: str) -> Policy:
    """Read a policy from a file's bytes; `where` names the file in errors.

    Raises:
        CatalogueError: the file is no TOML, or names a rule, case, zone or severity that does not exist, or leaves one open.
    """
    return _PolicyText(content, where).parse()


def _folder() -> Traversable:
    return resources.files("scanner.judge") / "policies"


def _nearest(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"Did you mean {close[0]!r}?" if close else f"Known are: {', '.join(sorted(known))}."


Row = dict[str, Weight]
"""Zone, `ELSEWHERE` or `DELIVERY` → weight, as far as one table states it."""


class _PolicyText:
    """One policy file on its way to a `Policy`; knows its own text, so that errors can name the line."""

    def __init__(self, content: bytes, where: str) -> None:
        self._content = content
        self._where = where
        try:
            self._text = content.decode("utf-8")
            self._tables: dict[str, object] = tomllib.loads(self._text)
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise CatalogueError(f"is no valid TOML: {error}", where=where) from error

    def parse(self) -> Policy:
        self._check_known(self._tables, (*_TEXTS, "rules"), "key")
        rules = self._tables.get("rules")
        if not isinstance(rules, dict):
            raise self._error("has no table [rules]", "rules")
        self._check_known(rules, _CASES, "rule")
        weights: dict[tuple[str, str, str], Weight] = {}
        for rule, cases in _CASES.items():
            if rule not in rules:
                raise self._error(f"says nothing of the rule {rule!r}", "rules", f"Add a table [rules.{rule}].")
            weights |= self._weigh_rule(rule, cases, rules[rule])
        approvable = {rule: self._categories(rule, rules[rule][APPROVAL]) for rule in _CASES if APPROVAL in rules[rule]}
        name, document, date, note = (self._text_of(key) for key in _TEXTS)
        digest = hashlib.sha256(self._content).hexdigest()
        return Policy(name, document, date, note, digest, MappingProxyType(weights), MappingProxyType(approvable))

    def _categories(self, rule: str, words: object) -> tuple[Category, ...]:
        if not isinstance(words, list):
            raise self._error(f"{APPROVAL!r} of {rule!r} is no list", rule, 'Write for example approval = ["creative-output"].')
        self._check_known([str(word) for word in words], list(Category), "approval category")
        return tuple(Category(word) for word in words)

    def _text_of(self, key: str) -> str:
        value = self._tables.get(key)
        if isinstance(value, datetime.date):
            return value.isoformat()
        if not isinstance(value, str) or not value:
            raise self._error(f"needs a text for {key!r}", key)
        return value

    def _weigh_rule(self, rule: str, cases: Collection[str], table: object) -> dict[tuple[str, str, str], Weight]:
        if not isinstance(table, dict):
            raise self._error(f"{rule!r} is no table", rule, f"Write [rules.{rule}] and a line a zone.")
        columns = (DELIVERY,) if rule in _DELIVERY_IDS else (*_ZONES, ELSEWHERE)
        # A sub-table can only be a case, a plain value only a zone: each is looked up among its own kind.
        self._check_known([key for key, value in table.items() if isinstance(value, dict)], cases, f"case of {rule}")
        own = self._read_row(
            rule, columns, {key: value for key, value in table.items() if not isinstance(value, dict) and key != APPROVAL}
        )
        rows = {"": own} | {case: self._read_row(rule, columns, table.get(case, {})) for case in cases}
        wanted = columns if rule in _DELIVERY_IDS else _ZONES
        return {(rule, case, zone): self._resolve(rule, zone, row, own) for case, row in rows.items() for zone in wanted}

    def _read_row(self, rule: str, columns: Collection[str], stated: dict[str, object]) -> Row:
        self._check_known(stated, columns, "zone")
        row: Row = {}
        for zone, word in stated.items():
            if not isinstance(word, str) or word not in _SEVERITIES:
                raise self._error(f"{word!r} is no severity ({rule}, {zone})", str(word), _nearest(str(word), _SEVERITIES))
            row[zone] = None if word == SILENT else Severity(word)
        return row

    def _resolve(self, rule: str, zone: str, *rows: Row) -> Weight:
        for row in rows:
            if zone in row:
                return row[zone]
            if zone == Zone.UNASSIGNED and Zone.FINAL in row:
                return _capped(row[Zone.FINAL])
            if ELSEWHERE in row:
                return _capped(row[ELSEWHERE]) if zone == Zone.UNASSIGNED else row[ELSEWHERE]
        raise self._error(f"leaves the zone {zone!r} of {rule!r} open", rule, f"Name it, or add a line {ELSEWHERE!r}.")

    def _check_known(self, words: Collection[str], known: Collection[str], kind: str) -> None:
        for word in words:
            if word not in known:
                raise self._error(f"{word!r} is no {kind}", word, _nearest(word, known))

    def _error(self, what: str, word: str, next_step: str = "") -> CatalogueError:
        line = _line_of(self._text, word)
        return CatalogueError(what, where=f"{self._where}:{line}" if line else self._where, next_step=next_step)


def _capped(weight: Weight) -> Weight:
    return Severity.MEDIUM if weight is Severity.HIGH else weight


def _line_of(text: str, word: str) -> int:
    """Return the first line outside comments that holds the word whole, or 0."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.search(line.partition("#")[0])), 0)
