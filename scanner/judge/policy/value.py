"""A policy, resolved: a weight for each rule, case and zone there is, and where that reading comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scanner.judge.policy.rule_tables import RuleCase, Weight
from scanner.judge.policy.words import DELIVERY
from scanner.model.approvals import Category
from scanner.model.formats import MediaKind
from scanner.model.judging import Observation, Route, Severity, Zone, ZoneGlob
from scanner.model.scan import PolicyStamp


@dataclass(frozen=True, slots=True)
class Principle:
    """One thing that a client asks for, and the rules that tell when it is touched."""

    id: str
    """As the document numbers it: ``P4``, ``50(4)``."""
    text: str
    rules: tuple[str, ...]
    """Rules, or one case of a rule: ``ai-declared``, ``ai-declared.edited``."""
    zones: tuple[Zone, ...] = ()
    """Where it is touched; everywhere, if none is named."""
    route: Route | None = None
    """What it asks for where a finding weighs more than information."""
    next_step: str = ""
    """Said in place of the rule's own next step; empty to keep that."""

    def is_touched(self, observation: Observation, zone: Zone | None) -> bool:
        """Tell whether an observation in a zone (None: about the delivery) touches it."""
        named = observation.rule in self.rules or f"{observation.rule}.{observation.case}" in self.rules
        return named and (not self.zones or zone in self.zones)


@dataclass(frozen=True, slots=True)
class Touched:
    """The principles that a finding touches, and what follows."""

    principle: str = ""
    """Ids, joined by a comma and a space."""
    route: Route | None = None
    next_step: str = ""


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
    """Of the policy file's bytes; where it extends others, of all their digests (see `chain.Chain`)."""
    weights: Mapping[tuple[str, str, str], Weight]
    """Rule, case, zone (or `DELIVERY`) → weight, for every rule, case and zone there is."""
    by_confidence: Mapping[tuple[str, str, str], Weight]
    """Rule, confidence, zone (or `DELIVERY`) → weight that stands before those of `weights`; most policies have none."""
    approvals: Mapping[RuleCase, tuple[Category, ...]]
    """Rule and case → approval categories that can allow what it found, none where it can only be mended. Every one is named."""
    required_readings: Mapping[MediaKind, tuple[str, ...]]
    """Kind of media → readers that must have read it."""
    principles: tuple[Principle, ...] = ()
    approved_tools: tuple[str, ...] | None = None
    """Names of generators that the production may use; None where the policy has no such list."""
    zones: tuple[ZoneGlob, ...] = ()
    """Zones by this policy, weaker than the user's and stronger than the defaults."""
    where: str = ""
    """The file it was read from as the user named it, or ``shipped``."""
    extends: tuple[str, ...] = ()
    """Names of the policies it extends, nearest first."""

    @property
    def stamp(self) -> PolicyStamp:
        """What a report names it by."""
        return PolicyStamp(self.name, self.sha256, self.document, self.date)

    def weigh(self, observation: Observation, zone: Zone | None) -> Weight:
        """Return the severity of an observation in a zone, or of one about the delivery where `zone` is None."""
        column = DELIVERY if zone is None else zone.value
        own = (observation.rule, observation.confidence.value, column)
        return self.by_confidence[own] if own in self.by_confidence else self.weights[observation.rule, observation.case, column]

    def categories_of(self, observation: Observation) -> tuple[Category, ...]:
        """Return the approval categories that can allow what was seen."""
        return self.approvals[observation.rule, observation.case]

    def touched(self, observation: Observation, zone: Zone | None, severity: Severity) -> Touched:
        """Return the principles that a finding touches. One that only informs never asks for more than to be told."""
        found = [principle for principle in self.principles if principle.is_touched(observation, zone)]
        routes = {principle.route for principle in found} - {None}
        joined = ", ".join(principle.id for principle in found)
        if severity is Severity.INFO:
            return Touched(joined, Route.INFORM if routes else None)
        strongest = Route.ESCALATE if Route.ESCALATE in routes else next(iter(routes), None)
        return Touched(joined, strongest, next((principle.next_step for principle in found if principle.next_step), ""))
