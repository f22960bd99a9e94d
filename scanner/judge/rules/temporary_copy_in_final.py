"""The bytes of a temporary asset also stand where deliverables stand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from scanner.judge.evidence import PATH_LIMIT, count
from scanner.judge.examples import PHOTO, SEQUENCE, aligned, declared, mark, matched, moved
from scanner.judge.nearness import Rank, near, rank, rival
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import DELIVERABLE_ZONES, Copy, Subject, Surroundings
from scanner.model.judging import Observation, RuleCard, Zone
from scanner.model.marks import Confidence, Meaning, Provenance
from scanner.model.matching import Relation, Role
from scanner.model.text import shown

CARD = RuleCard(
    id="temporary-copy-in-final",
    title="A temporary asset's bytes stand among the deliverables",
    why="Generated temporaries leak into the final cut as plain copies. The copy in the temporary folder tells what this file is "
    "even where this file bears no mark of its own.",
    cannot_show="Which of the two was there first, and temporaries that were re-encoded or graded on their way.",
    next_step="Replace the copy with the intended source, or ask for the client's written approval and record it.",
    who="post producer",
    source="Netflix, Using Generative AI in Content Production: generated material is temporary",
)

CASES: Cases = {
    "ai": "the temporary copy is generative, or it is an AI reference, a part of one, or contains one",
    "not-ai": "nothing says that the temporary copy is AI",
}

# Every empty file has the bytes of every other one; that says nothing.
_EMPTY = hashlib.sha256(b"").hexdigest()


def observe(subject: Subject, surroundings: Surroundings) -> Iterator[Observation]:
    """See byte-equal copies in temporary folders as one observation."""
    if subject.zone.zone not in DELIVERABLE_ZONES:
        return
    copies = _temporary_copies(subject, surroundings.copies)
    if not copies:
        return
    generative = [copy for copy in copies if copy.provenance.is_generative]
    is_ai = bool(generative) or subject.provenance.is_generative or _is_ai_reference(subject)
    lead = min(generative or copies, key=lambda copy: (copy.root, copy.path))
    yield Observation(
        CARD.id, Confidence.DEFINITIVE, _sentence(subject, lead, len(copies), is_ai), lead.path, "ai" if is_ai else "not-ai"
    )


def _temporary_copies(subject: Subject, copies: Mapping[str, tuple[Copy, ...]]) -> list[Copy]:
    here = (subject.root, subject.path)
    found = {
        (copy.root, copy.path): copy
        for digest in subject.digests
        if digest != _EMPTY
        for copy in copies.get(digest, ())
        if copy.zone is Zone.TEMPORARY and (copy.root, copy.path) != here
    }
    return list(found.values())


def _is_ai_reference(subject: Subject) -> bool:
    return any(rank(one) <= Rank.ALIGNED and rival(one, subject.matches) is None for one in near(subject.matches, Role.AI))


def _sentence(subject: Subject, lead: Copy, number: int, is_ai: bool) -> str:
    more = f" and {count(number - 1, 'more temporary place')}" if number > 1 else ""
    kind = "the AI temporary" if is_ai else "the temporary file"
    holder = "a frame of the sequence" if subject.is_sequence else "the file"
    return f"{holder} has the bytes of {kind} {shown(lead.path, PATH_LIMIT)}{more}"


_TEMPORARY = Copy(0, "temp/ai_014.jpg", Zone.TEMPORARY, Provenance.GENERATED)
_PLAIN = replace(_TEMPORARY, path="temp/st_014.jpg", provenance=Provenance.NO_MARKS)
_SELF = Copy(0, PHOTO.path, Zone.FINAL, Provenance.NO_MARKS)


def _with(*copies: Copy) -> Surroundings:
    return Surroundings(copies={"a" * 64: (_SELF, *copies)})


EXAMPLES = (
    Example(
        "the temporary's sidecar bears the mark, the copy in final bears none",
        PHOTO,
        "the file has the bytes of the AI temporary temp/ai_014.jpg",
        "ai",
        _with(_TEMPORARY),
    ),
    Example(
        "two temporary places, one known as AI",
        PHOTO,
        "the file has the bytes of the AI temporary temp/ai_014.jpg and 1 more temporary place",
        "ai",
        _with(_PLAIN, _TEMPORARY),
    ),
    Example(
        "an unmarked temporary whose bytes are an AI reference",
        replace(PHOTO, matches=(matched(Role.AI, Relation.SAME),)),
        "the file has the bytes of the AI temporary temp/st_014.jpg",
        "ai",
        _with(_PLAIN),
    ),
    Example(
        "an unmarked temporary that is a crop of an AI reference",
        replace(PHOTO, matches=(aligned(Role.AI, Relation.DERIVED, reference_share=0.5),)),
        "the file has the bytes of the AI temporary temp/st_014.jpg",
        "ai",
        _with(_PLAIN),
    ),
    Example(
        "a temporary that is not AI",
        PHOTO,
        "the file has the bytes of the temporary file temp/st_014.jpg",
        "not-ai",
        _with(_PLAIN),
    ),
    Example(
        "a frame of a final sequence",
        replace(SEQUENCE, frame_sha256s=("c" * 64, "a" * 64)),
        "a frame of the sequence has the bytes of the AI temporary temp/ai_014.jpg",
        "ai",
        _with(_TEMPORARY),
    ),
    Example("a copy in another final folder", PHOTO, surroundings=_with(replace(_SELF, path="final/ep2/st_014.jpg"))),
    Example("the temporary itself", moved(declared(PHOTO, mark(Meaning.GENERATED)), Zone.TEMPORARY), surroundings=_with(_PLAIN)),
    Example(
        "two empty files",
        replace(PHOTO, sha256=_EMPTY, size_bytes=0),
        surroundings=Surroundings(copies={_EMPTY: (_SELF, _TEMPORARY)}),
    ),
)
