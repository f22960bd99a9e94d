"""The ``[[principles]]`` of one policy file: what a client asks for, and the rules that tell when it is touched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from scanner.judge.policy.mistakes import MistakeList
from scanner.judge.policy.words import PRINCIPLE_KEYS, ROUTES, RULES_AND_CASES, ZONES, nearest, told
from scanner.model.judging import Route, Zone
from scanner.tools.toml_places import Path

_ID = re.compile(r"[^\W_][\w().-]{0,23}")


@dataclass(frozen=True, slots=True)
class StatedPrinciple:
    """A principle as far as one file states it; None for what it leaves to the policy it extends."""

    id: str
    text: str | None = None
    rules: tuple[str, ...] | None = None
    zones: tuple[Zone, ...] | None = None
    route: Route | None = None
    next_step: str | None = None

    def over(self, other: StatedPrinciple) -> StatedPrinciple:
        """Return both together; what both state stands as this one says."""
        return StatedPrinciple(
            self.id,
            other.text if self.text is None else self.text,
            other.rules if self.rules is None else self.rules,
            other.zones if self.zones is None else self.zones,
            other.route if self.route is None else self.route,
            other.next_step if self.next_step is None else self.next_step,
        )


def read_principles(mistakes: MistakeList, value: object) -> tuple[StatedPrinciple, ...]:
    """Read the list ``principles`` of a file."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        mistakes.wrong(("principles",), "'principles' is no list of tables", "Write [[principles]] before each of them.")
        return ()
    found: dict[str, StatedPrinciple] = {}
    for place, table in enumerate(value):
        one = _principle(mistakes, ("principles", place), table)
        if one is None:
            continue
        if one.id in found:
            mistakes.wrong(("principles", place, "id"), f"the principle {one.id!r} stands twice", "Give each an id of its own.")
        found.setdefault(one.id, one)
    return tuple(found.values())


def _principle(mistakes: MistakeList, path: Path, table: Mapping[str, object]) -> StatedPrinciple | None:
    mistakes.known(path, table, PRINCIPLE_KEYS, "key of a principle")
    identity = table.get("id")
    if not isinstance(identity, str) or not _ID.fullmatch(identity):
        what = "a principle has no id" if identity is None else f"{told(identity)} is no id of a principle"
        mistakes.wrong((*path, "id"), what, 'Write id = "P1": letters, digits and ().- without spaces.')
        return None
    return StatedPrinciple(
        id=identity,
        text=mistakes.text((*path, "text"), table["text"]) if "text" in table else None,
        rules=_rules(mistakes, path, table),
        zones=_zones(mistakes, path, table),
        route=_route(mistakes, path, table),
        next_step=mistakes.text((*path, "next_step"), table["next_step"]) if "next_step" in table else None,
    )


def _rules(mistakes: MistakeList, path: Path, table: Mapping[str, object]) -> tuple[str, ...] | None:
    if "rules" not in table:
        return None
    example = 'rules = ["ai-declared", "ai-declared.edited"]'
    return mistakes.choices((*path, "rules"), table["rules"], RULES_AND_CASES, "rule, nor a rule and its case", example)


def _zones(mistakes: MistakeList, path: Path, table: Mapping[str, object]) -> tuple[Zone, ...] | None:
    if "zones" not in table:
        return None
    words = mistakes.choices((*path, "zones"), table["zones"], ZONES, "zone", 'zones = ["final", "graphics"]')
    return tuple(Zone(word) for word in words or ())


def _route(mistakes: MistakeList, path: Path, table: Mapping[str, object]) -> Route | None:
    word = table.get("route")
    if word is None:
        return None
    if isinstance(word, str) and word in ROUTES:
        return Route(word)
    step = nearest(word, ROUTES) if isinstance(word, str) else 'Write route = "escalate".'
    mistakes.wrong((*path, "route"), f"{told(word)} is no route", step)
    return None
