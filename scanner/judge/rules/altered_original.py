"""The asset lies on one of our originals, and a region differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import count, noun
from scanner.judge.examples import PHOTO, aligned, bound, declared, differing, mark, matched
from scanner.judge.nearness import SOURCE_ROLES, as_near, is_verified, near, stretches, sureness, tell
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Meaning
from scanner.model.matching import Match, Relation, Role

CARD = RuleCard(
    id="altered-original",
    title="A region differs from the original",
    why="Viewers and archives rely on a source being shown as it is. Laid over an owned or licensed reference this picture "
    "agrees, except where something was added, removed or replaced.",
    cannot_show="Who altered it, with what, which of the two came first, and whether it matters: an ordinary retouch or the "
    "removal of dust looks the same. Small changes can go unseen.",
    next_step="Compare both with the difference laid over. Use the source as it is, or have the change approved and disclosed.",
    who="archive producer",
    source="Archival Producers Alliance, best practices: primary sources keep their integrity; AMIA Trust in Archives licence "
    "templates",
)

CASES: Cases = {
    "terms": "the terms of the reference forbid AI alteration",
    "explained": "another owned or licensed reference shows the asset as it is: another take, or a version that was kept",
}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See the owned or licensed reference that an asset was altered from; one whose terms forbid it is told first."""
    sources = near(subject.matches, *SOURCE_ROLES)
    altered = sorted(
        (source for source in sources if source.relation is Relation.ALTERED),
        key=lambda source: not source.reference.rights.no_ai_alteration,
    )
    if not altered:
        return
    lead, bearing = altered[0], [source for source in altered if source.reference.rights.no_ai_alteration]
    shown_whole = next((source for source in sources if _explains(source, lead)), None)
    case = "explained" if shown_whole else "terms" if bearing else ""
    more = f", and from {count(len(altered) - 1, 'more reference')}" if len(altered) > 1 else ""
    terms = ", whose terms forbid AI alteration" if bearing else ""
    also = f"; it {tell(shown_whole)}" if shown_whole else ""
    message = f"{noun(subject)} {tell(lead)}{terms}{more}{also}"
    yield Observation(CARD.id, sureness(lead), message, lead.reference.id, case, stretches(altered))


def _explains(source: Match, lead: Match) -> bool:
    """Whether another source shows the asset with nothing altered; unverified agreement would hide the very change."""
    whole = source.relation in (Relation.SAME, Relation.DERIVED)
    return whole and is_verified(source) and as_near(source, lead)


_ALTERED = aligned(Role.OWNED, Relation.ALTERED, 410, alteration=differing(0.06, (0.1, 0.1, 0.3, 0.3)))
_LICENSED = aligned(Role.LICENSED, Relation.ALTERED, 198, alteration=differing(0.06, (0.1, 0.1, 0.3, 0.3)))
_TAKE = replace(matched(Role.OWNED, Relation.SAME, name="library/take_2.jpg"), basis="pixels")

EXAMPLES = (
    Example(
        "somebody was taken out of an archive photograph",
        replace(PHOTO, matches=(_ALTERED,)),
        "the file differs in 6 % of the area (upper left) from the owned reference library/owned_014.png (410 matching points)",
    ),
    Example(
        "two places, flopped, under a timecode that is no alteration",
        replace(
            PHOTO,
            matches=(
                aligned(
                    Role.OWNED,
                    Relation.ALTERED,
                    57,
                    mirrored=True,
                    alteration=differing(0.131, (0.1, 0.1, 0.3, 0.3), (0.7, 0.6, 0.8, 0.8), overlays=("timecode",)),
                ),
            ),
        ),
        "the file differs in 13 % of the area (2 regions) from the owned reference library/owned_014.png (mirrored, 57 matching "
        "points, a timecode laid over it)",
    ),
    Example(
        "a licensed photograph whose terms forbid it",
        replace(PHOTO, matches=(_ALTERED, bound(_LICENSED))),
        "the file differs in 6 % of the area (upper left) from the licensed reference library/licensed_014.png (198 matching "
        "points), whose terms forbid AI alteration, and from 1 more reference",
        "terms",
    ),
    Example(
        "the second take of a shot from a tripod, which we own too",
        replace(PHOTO, matches=(_ALTERED, _TAKE)),
        "the file differs in 6 % of the area (upper left) from the owned reference library/owned_014.png (410 matching points); "
        "it has the pixels of the owned reference library/take_2.jpg",
        "explained",
    ),
    Example(
        "it declares a generative edit, too",
        replace(declared(PHOTO, mark(Meaning.EDITED)), matches=(_ALTERED,)),
        "the file differs in 6 % of the area (upper left) from the owned reference library/owned_014.png (410 matching points)",
    ),
    Example(
        "a crop under a lower third",
        replace(
            PHOTO,
            matches=(
                aligned(
                    Role.OWNED,
                    Relation.DERIVED,
                    reference_share=0.6,
                    alteration=differing(0.0, overlays=("lower third",)),
                ),
            ),
        ),
    ),
    Example("altered from an AI reference", replace(PHOTO, matches=(aligned(Role.AI, Relation.ALTERED),))),
    Example("alike by hash, no more is known", replace(PHOTO, matches=(matched(Role.OWNED, Relation.SIMILAR, 3),))),
)
