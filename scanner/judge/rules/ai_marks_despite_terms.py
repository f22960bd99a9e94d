"""AI marks on a picture near a reference whose terms forbid altering it with AI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import count, declares, firm, noun
from scanner.judge.examples import PHOTO, aligned, bound, declared, differing, mark, matched
from scanner.judge.nearness import SOURCE_ROLES, near, sureness, tell
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Meaning, Provenance
from scanner.model.matching import Relation, Role

CARD = RuleCard(
    id="ai-marks-despite-terms",
    title="AI marks near a reference whose terms forbid AI alteration",
    why="Archives can license a work on terms that forbid altering it with AI. The library says so of this reference, and a "
    "picture near it declares AI.",
    cannot_show="What was changed, what the licence says word for word, and whether the two are one work: ask its owner. Where "
    "the picture contains the reference, AI may lie in the rest of it only.",
    next_step="Compare both side by side and use the reference as it was licensed, or ask its owner for written permission.",
    who="archive producer",
    source="AMIA Trust in Archives licence templates",
)

CASES: Cases = {"enhanced": "the asset declares AI enhancement only, such as up-res"}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See an asset with AI marks near an owned or licensed reference that may not be altered with AI; the nearest is told."""
    bearing = [match for match in near(subject.matches, *SOURCE_ROLES) if match.reference.rights.no_ai_alteration]
    enhanced = subject.provenance is Provenance.ENHANCED
    if not bearing or not (enhanced or subject.provenance.is_generative):
        return
    meanings = (Meaning.ENHANCED,) if enhanced else (Meaning.GENERATED, Meaning.COMPOSITE, Meaning.EDITED)
    said = declares(subject, firm(subject.marks, *meanings), "AI enhancement" if enhanced else "generative AI")
    more = f" (so do those of {count(len(bearing) - 1, 'more reference')})" if len(bearing) > 1 else ""
    # The picture and its terms first: `near-owned-with-ai-marks` begins with the declaration.
    message = f"{noun(subject)} {tell(bearing[0])}, whose terms forbid AI alteration{more}, and {said}"
    yield Observation(CARD.id, sureness(bearing[0]), message, bearing[0].reference.id, "enhanced" if enhanced else "")


_LICENSED = bound(matched(Role.LICENSED, Relation.SIMILAR, 4))
_AI = declared(PHOTO, mark(Meaning.EDITED))

EXAMPLES = (
    Example(
        "a generative edit of a licensed photograph",
        replace(_AI, matches=(_LICENSED,)),
        "the file is similar to the licensed reference library/licensed_014.png (4 bits apart), whose terms forbid AI "
        "alteration, and the file declares generative AI",
    ),
    Example(
        "up-res of one",
        replace(declared(PHOTO, mark(Meaning.ENHANCED)), matches=(_LICENSED,)),
        "the file is similar to the licensed reference library/licensed_014.png (4 bits apart), whose terms forbid AI "
        "alteration, and the file declares AI enhancement",
        "enhanced",
    ),
    Example(
        "a generative edit of one, laid over it",
        replace(
            _AI, matches=(bound(aligned(Role.LICENSED, Relation.ALTERED, alteration=differing(0.06, (0.1, 0.1, 0.3, 0.3)))),)
        ),
        "the file differs in 6 % of the area (upper left) from the licensed reference library/licensed_014.png (120 matching "
        "points), whose terms forbid AI alteration, and the file declares generative AI",
    ),
    Example("terms that say nothing of AI", replace(_AI, matches=(matched(Role.LICENSED, Relation.SIMILAR, 4),))),
    Example("no AI marks", replace(PHOTO, matches=(_LICENSED,))),
)
