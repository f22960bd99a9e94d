"""What an approval log knows of approved content beside the permission itself: how it looks."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model.approvals import Approval
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
