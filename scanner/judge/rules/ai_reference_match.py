"""The asset matches a reference known as temporary AI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import count, noun
from scanner.judge.examples import PHOTO, matched
from scanner.judge.nearness import SOURCE_ROLES, as_near, near, sureness, tell
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.matching import Relation, Role

CARD = RuleCard(
    id="ai-reference-match",
    title="The picture matches an AI reference",
    why="Marks die in editing; the picture survives. This asset matches a picture that the library knows as temporary AI.",
    cannot_show="Which of the two came first: an AI picture made from a photograph also matches that photograph. A match by hash "
    "alone says that two pictures look alike to the hash, no more.",
    next_step="Compare both side by side. Replace the temporary, or ask for the client's written approval and record it.",
    who="post producer",
    source="Netflix, Using Generative AI in Content Production: generated material is temporary",
)

CASES: Cases = {
    "same": "equal bytes or pixels",
    "similar": "alike, not equal",
    "ambiguous": "as near an owned or licensed reference as the AI one",
}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See the nearest AI reference; a source reference that is as near is told with it."""
    ai = near(subject.matches, Role.AI)
    if not ai:
        return
    sources = near(subject.matches, *SOURCE_ROLES)
    nearest = ai[0]
    if sources and as_near(sources[0], nearest):
        case, rival = "ambiguous", f", and {tell(sources[0])}"
    else:
        case, rival = ("same" if nearest.relation is Relation.SAME else "similar"), ""
    more = f", and {count(len(ai) - 1, 'more AI reference')}" if len(ai) > 1 else ""
    yield Observation(CARD.id, sureness(nearest), f"{noun(subject)} {tell(nearest)}{more}{rival}", nearest.reference.id, case)


_SAME = matched(Role.AI, Relation.SAME)
_SIMILAR = matched(Role.AI, Relation.SIMILAR, 6)

EXAMPLES = (
    Example(
        "the bytes of a known temporary",
        replace(PHOTO, matches=(_SAME,)),
        "the file has the bytes of the AI reference library/ai_014.png",
        "same",
    ),
    Example(
        "its pixels, re-encoded without loss",
        replace(PHOTO, matches=(replace(_SAME, basis="pixels"),)),
        "the file has the pixels of the AI reference library/ai_014.png",
        "same",
    ),
    Example(
        "alike by hash",
        replace(PHOTO, matches=(_SIMILAR,)),
        "the file is similar to the AI reference library/ai_014.png (6 bits apart)",
        "similar",
    ),
    Example(
        "as near the photograph we own",
        replace(PHOTO, matches=(_SIMILAR, matched(Role.OWNED, Relation.SIMILAR, 6))),
        "the file is similar to the AI reference library/ai_014.png (6 bits apart), "
        "and is similar to the owned reference library/owned_014.png (6 bits apart)",
        "ambiguous",
    ),
    Example(
        "equal to both: someone added a photograph as AI",
        replace(PHOTO, matches=(_SAME, matched(Role.LICENSED, Relation.SAME))),
        "the file has the bytes of the AI reference library/ai_014.png, "
        "and has the bytes of the licensed reference library/licensed_014.png",
        "ambiguous",
    ),
    Example(
        "nearer the AI picture than its source",
        replace(PHOTO, matches=(matched(Role.OWNED, Relation.SIMILAR, 8), _SAME)),
        "the file has the bytes of the AI reference library/ai_014.png",
        "same",
    ),
    Example("near an owned reference only", replace(PHOTO, matches=(matched(Role.OWNED, Relation.SIMILAR, 2),))),
    Example("no match", PHOTO),
)
