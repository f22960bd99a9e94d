"""What an approval log knows of decided content beside the decision itself: how it looks."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model.approvals import Approval
from scanner.model.decisions import Decision
from scanner.model.matching import Fingerprint


@dataclass(frozen=True, slots=True)
class Approved:
    """One approval, and what its content can be recognised by once its bytes have changed."""

    approval: Approval
    fingerprints: tuple[Fingerprint, ...] = ()
    """Of the picture, or of a sequence's first, middle and last one; empty where none could be made."""
    pixel_digest: str = ""
    """Of a single picture's decoded pixels; empty where it could not be made."""
    size_bytes: int = 0
    """Of a file's bytes; 0 where not known, and for sequences."""
    imported_from: str = ""
    """File that it was imported from, with who had recorded it there and when; empty for one recorded here."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision of another kind, and what its content can be recognised by, as in `Approved`."""

    decision: Decision
    fingerprints: tuple[Fingerprint, ...] = ()
    pixel_digest: str = ""
    size_bytes: int = 0
    imported_from: str = ""


Logged = Approved | Decided
"""What a log holds of one decision of either sort."""


def decision_of(logged: Logged) -> Approval | Decision:
    """Return the decision itself."""
    return logged.approval if isinstance(logged, Approved) else logged.decision


def is_withdrawn(decision: Approval | Decision) -> bool:
    """Whether somebody took it back."""
    return bool(decision.revoked if isinstance(decision, Approval) else decision.withdrawn)
