"""What a person's word that a finding of AI is a false alarm can lift, and what it cannot.

A person may know better than a weak or strong mark, and better than a picture that looks alike. A statement that leaves nothing
to interpret stays: there the two contradict each other, and that is put before another person. docs/approvals.md has the table.
"""

from __future__ import annotations

from scanner.judge.evidence import in_credentials, place
from scanner.judge.nearness import near
from scanner.judge.subject import Subject
from scanner.model.credentials import Credentials
from scanner.model.judging import Finding
from scanner.model.marks import Confidence, Mark, Meaning
from scanner.model.matching import Relation, Role

BY_MARKS = frozenset(
    {
        "ai-declared",
        "ai-in-archival",
        "ai-with-person",
        "unapproved-tool",
        "ai-marks-despite-terms",
        "near-owned-with-ai-marks",
        "ai-enhancement-declared",
        "ai-possible",
        "ai-history",
        "ai-hint",
        "temporary-copy-in-final",
    }
)
"""Rules that say AI because of what is written in the asset, or in what has its bytes."""
BY_LOOK = frozenset({"ai-reference-match", "ai-marks-lost", "altered-original"})
"""Rules that say AI, or ask about it, because of what the asset looks like."""

_SAYS_NOTHING = frozenset({Meaning.DECLARED_OTHER, Meaning.PERMISSION, Meaning.TRAP})
_HOLDS = frozenset({Credentials.TRUSTED, Credentials.VALID})


def concerns(finding: Finding) -> bool:
    """Whether "this is not AI" speaks about a finding at all."""
    return finding.rule in BY_MARKS or finding.rule in BY_LOOK


def resistance(finding: Finding, subject: Subject) -> str:
    """Say what a finding rests on that no person's word lifts, as the end of a sentence; empty where nothing does."""
    if finding.rule in BY_LOOK:
        equal = next((one for one in near(subject.matches, Role.AI) if one.relation is Relation.SAME), None)
        if equal is not None and finding.rule == "ai-reference-match":
            return f"it has the {'bytes' if equal.basis == 'bytes' else 'pixels'} of an AI reference"
        return "it shows the very picture that declares AI" if finding.confidence is Confidence.DEFINITIVE else ""
    if (outright := _outright(subject)) is not None:
        held = in_credentials(outright) and subject.credentials in _HOLDS
        return f"its {'content credentials hold and say' if held else 'mark says'} so outright ({place(outright)})"
    if finding.confidence is not Confidence.DEFINITIVE:
        return ""
    return "it has the bytes of a temporary" if finding.rule == "temporary-copy-in-final" else "its mark says so outright"


def _outright(subject: Subject) -> Mark | None:
    """Return the mark that leaves nothing to interpret: a definitive one, or any in content credentials that hold."""
    telling = [one for one in subject.marks if one.meaning not in _SAYS_NOTHING]
    signed = [one for one in telling if in_credentials(one) and subject.credentials in _HOLDS]
    return next(iter((*signed, *(one for one in telling if one.confidence is Confidence.DEFINITIVE))), None)
