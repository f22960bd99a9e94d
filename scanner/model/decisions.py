"""Decisions about content that are no permissions: it is rejected, asked about, or said not to be AI.

Like an approval, each is bound to content and never to a name, and is told in every report.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scanner.model.approvals import ContentKind, Lineage
from scanner.model.stretches import Stretch


class DecisionKind(StrEnum):
    """What was decided."""

    REJECTION = "rejection"
    """The content must not be delivered; blocked wherever it stands, until a later approval of it."""
    QUESTION = "question"
    """Somebody has to say more before it can be decided; changes no verdict."""
    NOT_AI = "not-ai"
    """A finding of AI is a false alarm."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision, as it was recorded."""

    id: str
    """First 16 hexadecimal digits of its entry's hash in the log."""
    kind: DecisionKind
    content: str
    """SHA-256, 64 hexadecimal digits."""
    content_kind: ContentKind
    decider: str
    """Who decided, as a person and a role; may be the recorder."""
    recorder: str
    """Who wrote it down."""
    statement: str
    """Why; of a question, what is asked."""
    date: str
    """Day of the decision, ISO 8601."""
    addressee: str = ""
    """Of a question: who is to answer it."""
    reference: str = ""
    """A ticket, a mail's subject and date; may be empty."""
    path: str = ""
    """Where the content stood when it was decided; for people, it binds nothing."""
    segment: Stretch | None = None
    """The part of a film that it is about; None for all of it. A rejection concerns the whole film even so."""
    recorded: str = ""
    """When it was written down, ISO 8601, UTC."""
    withdrawn: str = ""
    """When it was withdrawn, ISO 8601, UTC; empty while it stands."""


class DecisionState(StrEnum):
    """What a decision does for one asset of one scan."""

    STANDING = "standing"
    """The content is the decided content, and the decision stands; a question is open."""
    OVERTAKEN = "overtaken"
    """A later decision about the same content took its place; a question is answered."""
    WITHDRAWN = "withdrawn"
    CARRIED_OVER = "carried-over"
    """The content is related to decided content: a person looks."""


@dataclass(frozen=True, slots=True)
class AppliedDecision:
    """A decision and what it does for one asset."""

    decision: Decision
    state: DecisionState
    why: str = ""
    """How it came to the asset where the content is not the decided content; why it does not stand."""
    lineage: Lineage | None = None
    """For one that is carried over; None for any other."""
