"""Approvals: written permissions, bound to content and never to a name.

An approval allows findings; it never removes them. What it allowed stays in every report, with who allowed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scanner.model.stretches import Stretch


class Category(StrEnum):
    """What a written approval is about: the four areas that always need one.

    Source: Netflix, Using Generative AI in Content Production (Partner Help Center, article 43393929218323).
    """

    DATA_USE = "data-use"
    """Unreleased or personal material put into tools; training on material of third parties or talent."""
    CREATIVE_OUTPUT = "creative-output"
    """Main characters, key visuals, fictional settings; references to protected works or public figures."""
    TALENT = "talent-and-performance"
    """Digital replicas, significant digital alteration of a performance."""
    ETHICS = "ethics-and-representation"
    """What could be taken for real events, people or statements; impact on union roles."""


class ContentKind(StrEnum):
    """What an approval's digest is the digest of."""

    FILE = "file"
    """SHA-256 of one file's bytes."""
    SEQUENCE = "sequence"
    """SHA-256 over the frames' SHA-256 in frame order: see `sequence_digest`."""


@dataclass(frozen=True, slots=True)
class Approval:
    """One permission, as it was recorded."""

    id: str
    """First 16 hexadecimal digits of its entry's hash in the log."""
    content: str
    """SHA-256, 64 hexadecimal digits."""
    content_kind: ContentKind
    approver: str
    """Who allowed it, as a person and a role: ``Dana Reyes, Netflix``. Never taken from the system."""
    recorder: str
    """Who wrote it down: the operating system's user."""
    reference: str
    """The client's written reference: a ticket, a mail's subject and date."""
    category: Category
    use: str
    """The use that was described to the client and allowed."""
    date: str
    """Day of the permission, ISO 8601."""
    expires: str = ""
    """Last day it holds, ISO 8601; empty for one without end."""
    supersedes: str = ""
    """SHA-256 of the earlier content that this one replaces; empty for a first version."""
    path: str = ""
    """Where the content stood when it was approved; for people, it binds nothing."""
    recorded: str = ""
    """When it was written down, ISO 8601, UTC."""
    revoked: str = ""
    """When it was withdrawn, ISO 8601, UTC; empty while it stands."""
    segment: Stretch | None = None
    """The part of a film that it is for; None for all of it."""


class ApprovalState(StrEnum):
    """What an approval does for one asset of one scan."""

    VALID = "valid"
    """The content is the approved content, and the approval stands."""
    LAPSED = "lapsed"
    """The content is the approved content, and the approval has expired or was withdrawn."""
    OVERRULED = "overruled"
    """The content is the approved content, and was rejected later."""
    CARRIED_OVER = "carried-over"
    """The content is related to approved content (`same` pixels, `derived`, or named with `supersedes`): a person confirms."""


class Lineage(StrEnum):
    """How content is known to come from approved content. `altered`, `contains` and `contained` are no lineage."""

    SAME = "same"
    """Other bytes, the same pixels."""
    DERIVED = "derived"
    """A crop, grade, resize or frame of it."""
    VERSION = "version"
    """Its own entry in the log says that it replaces the approved content (`supersedes`)."""
    SIMILAR = "similar"
    """A perceptual hash says that the two look alike; no more is known."""


@dataclass(frozen=True, slots=True)
class AppliedApproval:
    """An approval and what it did for one asset."""

    approval: Approval
    state: ApprovalState
    why: str = ""
    """How it came to the asset where the content is not the approved content, ``same pixels as approved content``; why it does
    not stand where it has lapsed, ``expired on 2026-01-01``."""
    lineage: Lineage | None = None
    """For one that is carried over; None for any other."""


@dataclass(frozen=True, slots=True)
class ApprovalLogStamp:
    """Which approval log a scan read."""

    name: str
    head: str
    """Hash of its last entry; empty for an empty log. Whoever has it can show that the log was not cut since."""
    entries: int
