"""Marks lost between two copies of one picture: one declares generative AI, the other, among the deliverables, says nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from scanner.judge.evidence import count, noun
from scanner.judge.examples import PHOTO, aligned, declared, differing, mark, matched, moved
from scanner.judge.nearness import (
    SOURCE_ROLES,
    Rank,
    is_verified,
    near,
    nearness,
    rank,
    rival,
    stretches,
    sureness,
    tell,
    tell_copy,
)
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import DELIVERABLE_ZONES, Copy, Subject, Surroundings
from scanner.model.judging import Observation, RuleCard, Zone
from scanner.model.marks import Meaning, Provenance
from scanner.model.matching import ClipPart, Match, NearCopy, Relation, Role, Segment
from scanner.model.relation_words import CROP_SHARE

CARD = RuleCard(
    id="ai-marks-lost",
    title="Marks lost between two copies of one picture",
    why="Editing, resizing and export drop marks without anyone wanting it. A copy in the same delivery still declares "
    "generative AI; this one, which may reach viewers, no longer says so.",
    cannot_show="Which of the two came first: a generative edit resembles the photograph it was made from, and a small change "
    "may not be seen as one. A match by hash alone says that two pictures look alike to the hash, no more.",
    next_step="Compare both side by side. Deliver the copy that still bears its marks, with the client's written approval, or "
    "replace the picture with the intended source.",
    who="post producer",
    source="EU AI Act, Code of Practice on marking AI output: marks are kept; Netflix, Using Generative AI in Content Production",
)

CASES: Cases = {
    "same": "bytes or pixels are known to be equal",
    "derived": "the generated copy, a crop, grade or resize of it, a small part of it, or a picture that contains it",
    "edit": "the same of a copy that is a generative edit or has a generated element: this may be the original",
    "altered": "laid over the marked copy, a region differs",
    "similar": "alike by fingerprint, or a film has something in common with a clip; the copy is not among the deliverables",
    "deliverable": "alike by fingerprint; the marked copy is among the deliverables too",
    "ambiguous": "an owned or licensed reference explains it as well as the marked copy, or better",
    "original": "the marked copy is a generative edit, and this may be the original it was made from",
}
_TOLD_FIRST = tuple(CASES)


def observe(subject: Subject, surroundings: Surroundings) -> Iterator[Observation]:
    """See the copy with generative marks that says most; of those alike by hash, one outside the deliverables is told first."""
    copies = surroundings.near_copies.get(subject.key, ())
    if not copies or not _is_told_here(subject, surroundings):
        return
    cases = {copy: _case(copy, subject) for copy in copies}
    lead = min(copies, key=lambda copy: (_TOLD_FIRST.index(cases[copy]), copy.zone in DELIVERABLE_ZONES, nearness(copy)))
    source = rival(lead, subject.matches) if cases[lead] == "ambiguous" else None
    yield Observation(
        CARD.id, sureness(lead), _sentence(subject, lead, copies, source), lead.path, cases[lead], stretches(copies)
    )


def _is_told_here(subject: Subject, surroundings: Surroundings) -> bool:
    if subject.provenance.is_generative or subject.zone.zone not in DELIVERABLE_ZONES:
        return False
    equal = (copy for digest in subject.digests for copy in surroundings.copies.get(digest, ()))
    # `temporary-copy-in-final` tells of equal bytes, and weighs them more.
    return not any(copy.zone is Zone.TEMPORARY and copy.provenance.is_generative for copy in equal)


def _case(copy: NearCopy, subject: Subject) -> str:
    if _may_be_edit_of(copy, subject):
        return "original"
    if rival(copy, subject.matches):
        return "ambiguous"
    match rank(copy):
        case Rank.EQUAL:
            return "same"
        case Rank.ALIGNED:
            return "derived" if copy.provenance is Provenance.GENERATED else "edit"
        case Rank.ALTERED:
            return "altered"
        case Rank.HASH:
            return "deliverable" if copy.zone in DELIVERABLE_ZONES else "similar"


def _may_be_edit_of(copy: NearCopy, subject: Subject) -> bool:
    """Whether the marked copy is a generative edit, and this asset the original that it was made from."""
    if copy.provenance is not Provenance.EDITED or copy.relation is Relation.SAME:
        return False
    if any(rank(source) < rank(copy) and _shows_it(source) for source in near(subject.matches, *SOURCE_ROLES)):
        return True
    by_place = subject.zone.zone is Zone.ARCHIVAL or subject.provenance is Provenance.DECLARED_OTHER
    return by_place and not _is_export_of(copy)


def _shows_it(source: Match) -> bool:
    return source.relation is Relation.SAME or (source.relation is Relation.DERIVED and is_verified(source))


def _is_export_of(copy: NearCopy) -> bool:
    """Whether the asset is known to show the whole of an edited copy, edit and all; of a widened one the original is a crop."""
    whole = copy.alignment is not None and copy.alignment.reference_share >= CROP_SHARE
    return copy.relation is Relation.DERIVED and whole and is_verified(copy)


def _sentence(subject: Subject, lead: NearCopy, copies: Sequence[NearCopy], source: Match | None) -> str:
    more = f", as {'does' if len(copies) == 2 else 'do'} {count(len(copies) - 1, 'more copy', 'more copies')}"
    told = more if len(copies) > 1 else ""
    also = f", and {noun(subject)} {tell(source)}" if source else ""
    return f"{noun(subject)} bears no generative mark and {tell_copy(lead)}, which declares generative AI{told}{also}"


_TEMPORARY = NearCopy(0, "temp/ai_014.png", Zone.TEMPORARY, Provenance.GENERATED, 4)
_OTHER_FINAL = NearCopy(0, "final/ep2/st_014.png", Zone.FINAL, Provenance.GENERATED, 2)
_EDIT = replace(_TEMPORARY, path="temp/wider_014.png", provenance=Provenance.EDITED)
_NEAR_OWNED = replace(PHOTO, matches=(matched(Role.OWNED, Relation.SIMILAR, 3),))


def _laid_over(copy: NearCopy, relation: Relation, points: int = 300, reference_share: float = 1.0) -> NearCopy:
    alignment = aligned(Role.AI, relation, points, reference_share=reference_share).alignment
    return replace(copy, relation=relation, distance_bits=None, alignment=alignment)


_PART = ClipPart(Fraction(1), Fraction(18, 5), "00:00:01:00", "00:00:03:15", Fraction(2))
_SEEN = Segment(Fraction(2), Fraction(23, 5), "10:00:02:00", "10:00:04:15", Fraction(3), 3, True, 115, of_clip=_PART)
_CLIP = replace(_laid_over(_TEMPORARY, Relation.DERIVED, 115), path="temp/dune_v3.mp4", segments=(_SEEN,))
_CROPPED = _laid_over(_TEMPORARY, Relation.DERIVED, 64, 0.5)


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
        "a crop of a generated temporary",
        PHOTO,
        "the file bears no generative mark and is a crop of temp/ai_014.png (shows 50 % of it, 64 matching points), which "
        "declares generative AI",
        "derived",
        _beside(PHOTO, _CROPPED),
    ),
    Example(
        "a generated clip in a film",
        PHOTO,
        "the file bears no generative mark and shows the clip temp/dune_v3.mp4 (on screen 10:00:02:00–10:00:04:15 with its "
        "00:00:01:00–00:00:03:15, 115 matching points), which declares generative AI",
        "derived",
        _beside(PHOTO, _CLIP),
    ),
    Example(
        "a film that has something in common with a generated clip: a photograph on the wall, a graphic",
        PHOTO,
        "the file bears no generative mark and shows something that is also in the clip temp/dune_v3.mp4 (on screen "
        "10:00:02:00–10:00:04:15 with its 00:00:01:00–00:00:03:15, 115 matching points), which declares generative AI",
        "similar",
        _beside(PHOTO, replace(_CLIP, relation=Relation.SIMILAR)),
    ),
    Example(
        "an export of a generative edit, or the photograph behind an edit too small to be seen",
        PHOTO,
        "the file bears no generative mark and is derived from temp/wider_014.png (300 matching points), which declares "
        "generative AI",
        "edit",
        _beside(PHOTO, _laid_over(_EDIT, Relation.DERIVED)),
    ),
    Example(
        "a photograph beside its generative edit, nobody said which of them is ours",
        PHOTO,
        "the file bears no generative mark and differs in 9 % of the area (middle) from temp/wider_014.png (300 matching "
        "points), which declares generative AI",
        "altered",
        _beside(PHOTO, replace(_laid_over(_EDIT, Relation.ALTERED), alteration=differing(0.09, (0.4, 0.4, 0.6, 0.6)))),
    ),
    Example(
        "the same photograph, which the library knows as ours",
        replace(PHOTO, matches=(matched(Role.OWNED, Relation.SAME),)),
        "the file bears no generative mark and differs in 9 % of the area (middle) from temp/wider_014.png (300 matching "
        "points), which declares generative AI",
        "original",
        _beside(PHOTO, replace(_laid_over(_EDIT, Relation.ALTERED), alteration=differing(0.09, (0.4, 0.4, 0.6, 0.6)))),
    ),
    Example(
        "a graded photograph of ours that a generated copy was made from",
        replace(PHOTO, matches=(aligned(Role.OWNED, Relation.DERIVED, 300),)),
        "the file bears no generative mark and is a crop of temp/ai_014.png (shows 50 % of it, 64 matching points), which "
        "declares generative AI, and the file is derived from the owned reference library/owned_014.png (300 matching points)",
        "ambiguous",
        _beside(PHOTO, _CROPPED),
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
