"""From a chain of policy files to one policy: a weight for each rule, case and zone.

Lines are taken over one by one, as if what the nearer file says had been written over what it extends. A sub-table weighs one
case of a rule apart and falls back on the rule's own table; one of a confidence comes before both. A zone that is not named
weighs as ``elsewhere``; ``unassigned`` weighs as ``final``, with review in place of blocked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from scanner.judge.policy.chain import Chain
from scanner.judge.policy.mistakes import MistakeList, WrongPolicy
from scanner.judge.policy.principle_tables import StatedPrinciple
from scanner.judge.policy.reading import PolicyFile
from scanner.judge.policy.rule_tables import Row, RuleCase, RuleRows, Weight
from scanner.judge.policy.sources import SHIPPED
from scanner.judge.policy.value import Policy, Principle
from scanner.judge.policy.words import CASES, CONFIDENCES, DELIVERY, DELIVERY_IDS, ELSEWHERE, TEXT_KEYS, ZONES
from scanner.judge.subject import DEFAULT_READINGS
from scanner.model.approvals import Category
from scanner.model.errors import CatalogueError
from scanner.model.formats import MediaKind
from scanner.model.judging import POLICY_ORIGIN, Severity, Zone, ZoneGlob

_MANY = 3


def resolve(chain: Chain) -> Policy:
    """Return the policy that a chain of files makes.

    Raises:
        WrongPolicy: something in it is wrong or left open; it holds every mistake.
    """
    rules = merged_rules(file.rules for file in chain.files)
    principles = _principles(chain.files)
    mistakes = (*chain.mistakes, *_missing_texts(chain.files))
    if not chain.mistakes:
        # A misspelt rule is also a missing one; that is told once.
        mistakes = (*mistakes, *_missing_rules(chain.files, rules), *_unfinished(chain.files, principles))
    if mistakes:
        raise WrongPolicy(mistakes)
    own = chain.files[0]
    name, document, date, note = (_first_text(chain.files, key) for key in TEXT_KEYS)
    return Policy(
        name=name,
        document=document,
        date=date,
        note=note,
        sha256=chain.sha256,
        weights=MappingProxyType(weights_of(rules)),
        by_confidence=MappingProxyType(weights_by_confidence(rules)),
        approvals=MappingProxyType(_approvals(rules)),
        required_readings=MappingProxyType(_required_readings(chain.files)),
        principles=tuple(
            Principle(one.id, one.text or "", one.rules or (), one.zones or (), one.route, one.next_step or "")
            for one in principles.values()
        ),
        approved_tools=next((file.approved_tools for file in chain.files if file.approved_tools is not None), None),
        zones=_zones(chain.files),
        where=SHIPPED if chain.shipped else own.where,
        extends=tuple(file.name or file.where for file in chain.files[1:]),
    )


def merged_rules(nearest_first: Iterable[RuleRows]) -> RuleRows:
    """Return what several files state together; the nearer one's lines stand."""
    together = RuleRows()
    for rows in nearest_first:
        together = together.over(rows)
    return together


def weights_of(rules: RuleRows) -> dict[tuple[str, str, str], Weight]:
    """Return a weight for each rule, case and zone, as far as `rules` reach."""
    resolved: dict[tuple[str, str, str], Weight] = {}
    for rule, cases in CASES.items():
        for case in ("", *cases):
            rows = (rules.weights.get((rule, case), {}), rules.weights.get((rule, ""), {}))
            for zone in _wanted(rule):
                if (found := _find_weight(zone, rows)) is not None:
                    resolved[rule, case, zone] = found[0]
    return resolved


def weights_by_confidence(rules: RuleRows) -> dict[tuple[str, str, str], Weight]:
    """Return a weight for each rule, confidence and zone that a table of that confidence reaches."""
    return {
        (rule, confidence, zone): found[0]
        for rule, confidence in rules.weights
        if confidence in CONFIDENCES
        for zone in _wanted(rule)
        if (found := _find_weight(zone, (rules.weights[rule, confidence],))) is not None
    }


def _wanted(rule: str) -> tuple[str, ...]:
    return (DELIVERY,) if rule in DELIVERY_IDS else ZONES


def _find_weight(zone: str, rows: Sequence[Row]) -> tuple[Weight] | None:
    """Return the weight in a box, as silence is None too; None where no row reaches the zone."""
    for row in rows:
        if zone in row:
            return (row[zone],)
        if zone == Zone.UNASSIGNED and Zone.FINAL in row:
            return (_capped(row[Zone.FINAL]),)
        if ELSEWHERE in row:
            return (_capped(row[ELSEWHERE]) if zone == Zone.UNASSIGNED else row[ELSEWHERE],)
    return None


def _capped(weight: Weight) -> Weight:
    return Severity.MEDIUM if weight is Severity.HIGH else weight


def _approvals(rules: RuleRows) -> dict[RuleCase, tuple[Category, ...]]:
    return {
        (rule, case): rules.approvals.get((rule, case), rules.approvals.get((rule, ""), ()))
        for rule, cases in CASES.items()
        for case in ("", *cases)
    }


def _required_readings(files: Sequence[PolicyFile]) -> dict[MediaKind, tuple[str, ...]]:
    required = dict(DEFAULT_READINGS)
    for file in reversed(files):
        required |= file.required_readings
    return required


def _zones(files: Sequence[PolicyFile]) -> tuple[ZoneGlob, ...]:
    """Return all globs; of one pattern, the nearest file's. Those of nearer files come later, so that they win a draw."""
    globs: dict[str, ZoneGlob] = {}
    for file in reversed(files):
        for pattern, zone in file.zones:
            globs.pop(pattern, None)
            globs[pattern] = ZoneGlob(pattern, zone, f"{POLICY_ORIGIN} {file.name}")
    return tuple(globs.values())


def _principles(files: Sequence[PolicyFile]) -> Mapping[str, StatedPrinciple]:
    """Return all principles in the order of the policy that first has them."""
    together: dict[str, StatedPrinciple] = {}
    for file in reversed(files):
        for one in file.principles:
            together[one.id] = one.over(together[one.id]) if one.id in together else one
    return together


def _first_text(files: Sequence[PolicyFile], key: str) -> str:
    return next((text for file in files if (text := getattr(file, key))), "")


def _missing_texts(files: Sequence[PolicyFile]) -> tuple[CatalogueError, ...]:
    mistakes = MistakeList(files[0].where, files[0].lines)
    whole = all(file.lines for file in files) and ("extends",) not in files[-1].lines
    for key, step in _TEXT_STEPS.items() if whole else ():
        if not any((key,) in file.lines for file in files):
            mistakes.wrong((), f"has no {key}", step)
    return mistakes.found


_TEXT_STEPS = {
    "document": 'Write document = "…", the document that it reads.',
    "date": 'Write date = "2025-08", the date of that document.',
    "note": 'Write note = "…": whose reading it is.',
}


def _missing_rules(files: Sequence[PolicyFile], rules: RuleRows) -> tuple[CatalogueError, ...]:
    """Say what the last file of a chain leaves open, as nothing is left to fall back on."""
    last = MistakeList(files[-1].where, files[-1].lines)
    missing = [rule for rule in CASES if (rule, "") not in rules.weights]
    if len(missing) > _MANY:
        last.wrong((), "says nothing of many rules", 'Add a line extends = "default".')
    for rule in missing if len(missing) <= _MANY else ():
        last.wrong((), f"says nothing of the rule {rule!r}", f'Add a table [rules.{rule}], or a line extends = "default".')
    return (*last.found, *_open_zones(files, rules))


def _open_zones(files: Sequence[PolicyFile], rules: RuleRows) -> tuple[CatalogueError, ...]:
    reached = weights_of(rules)
    found: list[CatalogueError] = []
    for rule, case in rules.weights:
        left = [zone for zone in _wanted(rule) if (rule, case, zone) not in reached]
        if left and (rule, "") in rules.weights and not case:
            file = next(file for file in files if (rule, case) in file.rules.weights)
            mistakes = MistakeList(file.where, file.lines)
            key = DELIVERY if rule in DELIVERY_IDS else ELSEWHERE
            step = f'Add a line {key} = "info".'
            mistakes.wrong(("rules", rule), f"leaves {', '.join(left)} of {rule!r} open", step)
            found += mistakes.found
    return tuple(found)


def _unfinished(files: Sequence[PolicyFile], principles: Mapping[str, StatedPrinciple]) -> tuple[CatalogueError, ...]:
    found: list[CatalogueError] = []
    for one in principles.values():
        lacking = [key for key in ("text", "rules") if getattr(one, key) is None]
        if lacking:
            file, place = _place_of(files, one.id)
            mistakes = MistakeList(file.where, file.lines)
            step = f"Add {' and '.join(lacking)}; no policy it extends has a principle of this id."
            mistakes.wrong(("principles", place), f"the principle {one.id!r} has no {' and no '.join(lacking)}", step)
            found += mistakes.found
    return tuple(found)


def _place_of(files: Sequence[PolicyFile], identity: str) -> tuple[PolicyFile, int]:
    places = ((file, place) for file in files for place, one in enumerate(file.principles) if one.id == identity)
    return next(places)
