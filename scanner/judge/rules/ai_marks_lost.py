"""Marks lost between two copies of one picture: one declares generative AI, the other, among the deliverables, says nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from scanner.judge.evidence import PATH_LIMIT, count, noun
from scanner.judge.examples import PHOTO, declared, mark, matched, moved
from scanner.judge.nearness import SOURCE_ROLES, measure, near, tell
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import DELIVERABLE_ZONES, Copy, Subject, Surroundings
from scanner.model.judging import Observation, RuleCard, Zone
from scanner.model.marks import Confidence, Meaning, Provenance
from scanner.model.matching import Match, NearCopy, Relation, Role
from scanner.model.text import shown

CARD = RuleCard(
    id="ai-marks-lost",
    title="Marks lost between two copies of one picture",
    why="Editing, resizing and export drop marks without anyone wanting it. A copy in the same delivery still declares "
    "generative AI; this one, which may reach viewers, no longer says so.",
    cannot_show="Which of the two came first: a generative edit resembles the photograph it was made from. A match by "
    "hash alone says that two pictures look alike to the hash, no more.",
    next_step="Compare both side by side. Deliver the copy that still bears its marks, with the client's written approval, or "
    "replace the picture with the intended source.",
    who="post producer",
    source="EU AI Act, Code of Practice on marking AI output: marks are kept; Netflix, Using Generative AI in Content Production",
)

CASES: Cases = {
    "same": "bytes or pixels are known to be equal",
    "similar": "alike by fingerprint; the marked copy is not among the deliverables",
    "deliverable": "alike by fingerprint; the marked copy is among the deliverables too",
    "ambiguous": "also as near an owned or licensed reference as the marked copy",
    "original": "the marked copy is a generative edit, and this may be the original it was made from",
}


def observe(subject: Subject, surroundings: Surroundings) -> Iterator[Observation]:
    """See the nearest copy that bears generative marks; copies outside the deliverables are told first."""
    copies = surroundings.near_copies.get(subject.key, ())
    if not copies or not _is_told_here(subject, surroundings):
        return
    lost = [copy for copy in copies if not _may_be_edit_of(copy, subject)]
    lead = min(lost or copies, key=lambda copy: copy.zone in DELIVERABLE_ZONES)
    rival = _rival(subject, lead)
    sureness = Confidence.DEFINITIVE if lead.relation is Relation.SAME else Confidence.STRONG
    case = _case(lead, rival) if lost else "original"
    yield Observation(CARD.id, sureness, _sentence(subject, lead, copies, rival), lead.path, case)


def _is_told_here(subject: Subject, surroundings: Surroundings) -> bool:
    if subject.provenance.is_generative or subject.zone.zone not in DELIVERABLE_ZONES:
        return False
    equal = (copy for digest in subject.digests for copy in surroundings.copies.get(digest, ()))
    # `temporary-copy-in-final` tells of equal bytes, and weighs them more.
    return not any(copy.zone is Zone.TEMPORARY and copy.provenance.is_generative for copy in equal)


def _may_be_edit_of(copy: NearCopy, subject: Subject) -> bool:
    if copy.provenance is not Provenance.EDITED or copy.relation is Relation.SAME:
        return False
    is_source = any(match.relation is Relation.SAME for match in near(subject.matches, *SOURCE_ROLES))
    return is_source or subject.zone.zone is Zone.ARCHIVAL or subject.provenance is Provenance.DECLARED_OTHER


def _rival(subject: Subject, lead: NearCopy) -> Match | None:
    for source in near(subject.matches, *SOURCE_ROLES)[:1]:
        distance = 0 if source.relation is Relation.SAME else source.distance_bits
        if lead.relation is not Relation.SAME and distance is not None and distance <= (lead.distance_bits or 0):
            return source
    return None


def _case(lead: NearCopy, rival: Match | None) -> str:
    if rival:
        return "ambiguous"
    if lead.relation is Relation.SAME:
        return "same"
    return "deliverable" if lead.zone in DELIVERABLE_ZONES else "similar"


def _sentence(subject: Subject, lead: NearCopy, copies: Sequence[NearCopy], rival: Match | None) -> str:
    path = shown(lead.path, PATH_LIMIT)
    same = lead.relation is Relation.SAME
    alike = f"shows the same picture as {path}" if same else f"is similar to {path}{measure(lead.distance_bits)}"
    more = f", as {'does' if len(copies) == 2 else 'do'} {count(len(copies) - 1, 'more copy', 'more copies')}"
    told = more if len(copies) > 1 else ""
    source = f", and {noun(subject)} {tell(rival)}" if rival else ""
    return f"{noun(subject)} bears no generative mark and {alike}, which declares generative AI{told}{source}"


_TEMPORARY = NearCopy(0, "temp/ai_014.png", Zone.TEMPORARY, Provenance.GENERATED, 4)
_OTHER_FINAL = NearCopy(0, "final/ep2/st_014.png", Zone.FINAL, Provenance.GENERATED, 2)
_EDIT = replace(_TEMPORARY, path="temp/wider_014.png", provenance=Provenance.EDITED)
_NEAR_OWNED = replace(PHOTO, matches=(matched(Role.OWNED, Relation.SIMILAR, 3),))


def _beside(subject: Subject, *copies: NearCopy) -> Surroundings:
    return Surroundings(near_copies={subject.key: copies})


EXAMPLES = (
    Example(
        "a temporary, re-encoded on its way into a final folder",
        PHOTO,
        "the file bears no generative mark and is similar to temp/ai_014.png (4 bits apart), which declares generative AI",
        "similar",
        _beside(PHOTO, _TEMPORARY),
    ),
    Example(
        "another final copy bears marks too: the temporary is told first",
        PHOTO,
        "the file bears no generative mark and is similar to temp/ai_014.png (4 bits apart), which declares generative AI, "
        "as does 1 more copy",
        "similar",
        _beside(PHOTO, _OTHER_FINAL, _TEMPORARY),
    ),
    Example(
        "pixels known to be equal",
        PHOTO,
        "the file bears no generative mark and shows the same picture as temp/ai_014.png, which declares generative AI",
        "same",
        _beside(PHOTO, replace(_TEMPORARY, distance_bits=0, relation=Relation.SAME)),
    ),
    Example(
        "two final copies, one of them marked",
        PHOTO,
        "the file bears no generative mark and is similar to final/ep2/st_014.png (2 bits apart), which declares generative AI",
        "deliverable",
        _beside(PHOTO, _OTHER_FINAL),
    ),
    Example(
        "as near a photograph we own",
        _NEAR_OWNED,
        "the file bears no generative mark and is similar to temp/ai_014.png (4 bits apart), which declares generative AI, "
        "and the file is similar to the owned reference library/owned_014.png (3 bits apart)",
        "ambiguous",
        _beside(PHOTO, _TEMPORARY),
    ),
    Example(
        "an archive photograph and a generative edit of it",
        moved(PHOTO, Zone.ARCHIVAL),
        "the file bears no generative mark and is similar to temp/wider_014.png (4 bits apart), which declares generative AI",
        "original",
        _beside(moved(PHOTO, Zone.ARCHIVAL), _EDIT),
    ),
    Example("both bear marks", declared(PHOTO, mark(Meaning.GENERATED)), surroundings=_beside(PHOTO, _TEMPORARY)),
    Example(
        "equal bytes, which another rule tells",
        PHOTO,
        surroundings=replace(
            _beside(PHOTO, _TEMPORARY),
            copies={"a" * 64: (Copy(0, _TEMPORARY.path, Zone.TEMPORARY, Provenance.GENERATED),)},
        ),
    ),
    Example("no copy bears marks", PHOTO),
)
