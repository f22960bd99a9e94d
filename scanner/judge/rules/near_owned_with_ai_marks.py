"""AI marks on a picture that is near our own source material."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import declares, firm, noun
from scanner.judge.examples import PHOTO, aligned, declared, differing, mark, matched
from scanner.judge.nearness import SOURCE_ROLES, near, sureness, tell
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Meaning
from scanner.model.matching import Relation, Role

CARD = RuleCard(
    id="near-owned-with-ai-marks",
    title="AI marks on a picture near a source reference",
    why="A generative edit of an owned or licensed photograph can pass as the photograph. Licences may forbid it, and viewers "
    "may take it for the record.",
    cannot_show="Whether what was changed matters: compare the two. Where the picture contains the reference, AI may lie in the "
    "rest of it only.",
    next_step="Compare both side by side, and use the source or have the change approved and disclosed.",
    who="archive producer",
    source="Archival Producers Alliance, best practices; AMIA Trust in Archives licence templates",
)

CASES: Cases = {}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See a generative asset near an owned or licensed reference; the nearest is told."""
    sources = near(subject.matches, *SOURCE_ROLES)
    if not sources or not subject.provenance.is_generative:
        return
    marks = firm(subject.marks, Meaning.GENERATED, Meaning.COMPOSITE, Meaning.EDITED)
    message = f"{declares(subject, marks, 'generative AI')}, and {noun(subject)} {tell(sources[0])}"
    yield Observation(CARD.id, sureness(sources[0]), message, sources[0].reference.id)


_AI = declared(PHOTO, mark(Meaning.EDITED))

EXAMPLES = (
    Example(
        "a generative edit of our photograph",
        replace(_AI, matches=(matched(Role.OWNED, Relation.SIMILAR, 4),)),
        "the file declares generative AI, and the file is similar to the owned reference library/owned_014.png (4 bits apart)",
    ),
    Example(
        "one that shows where it was edited",
        replace(_AI, matches=(aligned(Role.OWNED, Relation.ALTERED, alteration=differing(0.125, (0.6, 0.6, 0.9, 0.95))),)),
        "the file declares generative AI, and the file differs in 12 % of the area (lower right) from the owned reference "
        "library/owned_014.png (120 matching points)",
    ),
    Example(
        "a generated room with our photograph on its wall",
        replace(_AI, matches=(aligned(Role.OWNED, Relation.CONTAINS, asset_share=0.2),)),
        "the file declares generative AI, and the file contains the owned reference library/owned_014.png (fills 20 % of the "
        "picture, 120 matching points)",
    ),
    Example(
        "of a licensed one",
        replace(_AI, matches=(matched(Role.LICENSED, Relation.SAME),)),
        "the file declares generative AI, and the file has the bytes of the licensed reference library/licensed_014.png",
    ),
    Example("near it, without AI marks", replace(PHOTO, matches=(matched(Role.OWNED, Relation.SIMILAR, 4),))),
    Example("AI marks, near an AI reference only", replace(_AI, matches=(matched(Role.AI, Relation.SAME),))),
)
