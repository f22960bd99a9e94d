"""Rules, findings, verdicts: three questions, three types."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scanner.model.approvals import Category
from scanner.model.marks import Confidence
from scanner.model.stretches import Stretch


class Zone(StrEnum):
    """What a folder is for."""

    FINAL = "final"
    ARCHIVAL = "archival"
    GRAPHICS = "graphics"
    TEMPORARY = "temporary"
    REFERENCE = "reference"
    UNASSIGNED = "unassigned"


POLICY_ORIGIN = "policy"
"""First word of the origin of a policy's zone globs; the policy's name follows."""


@dataclass(frozen=True, slots=True)
class ZoneGlob:
    """A glob on the path below the root, and the zone it sets."""

    pattern: str
    zone: Zone
    origin: str = "default"
    """Who says so: ``default``, ``policy NAME``, ``--zone``, ``scanner.toml``."""


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """The zone of one asset and the glob that set it."""

    zone: Zone
    reason: str


class Severity(StrEnum):
    """How much a finding weighs in its zone."""

    HIGH = "high"
    """Blocks the delivery."""
    MEDIUM = "medium"
    """A person must look."""
    INFO = "info"
    """Told, changes nothing."""


class Route(StrEnum):
    """What a client's policy asks for where one of its principles is touched."""

    INFORM = "inform"
    """Tell the client's contact."""
    ESCALATE = "escalate"
    """Written approval may be needed before going further."""


class Verdict(StrEnum):
    """What becomes of an asset or a delivery."""

    PASS = "pass"  # noqa: S105 - a verdict
    REVIEW = "review"
    INCOMPLETE = "incomplete"
    BLOCKED = "blocked"

    @property
    def concern(self) -> int:
        """Order of concern: blocked over incomplete over review over pass."""
        return (Verdict.PASS, Verdict.REVIEW, Verdict.INCOMPLETE, Verdict.BLOCKED).index(self)


@dataclass(frozen=True, slots=True)
class RuleCard:
    """What a rule is: its manual, and the text of ``scanner explain``."""

    id: str
    """Kebab-case, never reused; names the observation, not the accusation."""
    title: str
    why: str
    cannot_show: str
    next_step: str
    """What a person can do about it, never "strip the mark"."""
    who: str
    """Who can act: ``post producer``, ``legal`` …"""
    coverage: bool = False
    """Whether it tells of something not looked at; such findings make a verdict incomplete, not blocked."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class DeclaredRule:
    """A rule that a scan judged by, as its reports declare it."""

    card: RuleCard
    heaviest: Severity | None
    """The most that the scan's policy lets it weigh, in any zone and case; None where it is silent everywhere."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What a rule saw, before the policy weighs it."""

    rule: str
    confidence: Confidence
    message: str
    """One sentence, in the report's words."""
    key: str = ""
    """What makes this observation this one across scans: a mark id, a reference id."""
    case: str = ""
    """A sub-case that the policy may weigh apart, ``similar`` as against ``same``."""
    stretches: tuple[Stretch, ...] = ()
    """The parts of a film or sequence that it is about; empty where it is about all of the asset."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An observation, weighed."""

    id: str
    """Stable across scans of the same delivery."""
    rule: str
    severity: Severity
    confidence: Confidence
    message: str
    next_step: str
    who: str
    coverage: bool = False
    allowed_by: str = ""
    """Id of the approval, or of the decision that it is no AI, that allows it: then it asks for no verdict, and stays in every
    report."""
    categories: tuple[Category, ...] = ()
    """Approval categories that can allow it under the scan's policy; empty where nothing can but mending it."""
    principle: str = ""
    """The policy's principle that it touches, by its id (``P4``; of several ``P2, P3``); empty where the policy names none."""
    route: Route | None = None
    """What that principle asks for, of several the strongest; `Route.INFORM` for a finding that only informs."""
    known: bool = False
    """Whether the baseline report had it, weighing no less, on the same content. It still asks for its verdict."""
    stretches: tuple[Stretch, ...] = ()
    """As in `Observation`."""
