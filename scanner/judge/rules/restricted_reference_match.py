"""The asset matches material that must not be recreated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import count, noun
from scanner.judge.examples import PHOTO, aligned, differing, matched
from scanner.judge.nearness import near, stretches, sureness, tell
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.matching import Relation, Role

CARD = RuleCard(
    id="restricted-reference-match",
    title="The picture matches a restricted reference",
    why="The library names material that is not ours and must not be recreated; output near it needs a person's decision, with "
    "or without AI marks.",
    cannot_show="Whether rights are infringed: that is a legal question.",
    next_step="Escalate: show both to legal or the client's contact before it goes further; written approval may be needed.",
    who="legal",
    source="Netflix, Using Generative AI in Content Production, principle 1: outputs do not recreate unowned material",
)

CASES: Cases = {}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See the nearest restricted reference; any relation counts, since a part of it or a change to it is no less theirs."""
    restricted = near(subject.matches, Role.RESTRICTED)
    if not restricted:
        return
    more = f", and {count(len(restricted) - 1, 'more restricted reference')}" if len(restricted) > 1 else ""
    yield Observation(
        CARD.id,
        sureness(restricted[0]),
        f"{noun(subject)} {tell(restricted[0])}{more}",
        restricted[0].reference.id,
        stretches=stretches(restricted),
    )


EXAMPLES = (
    Example(
        "alike by hash",
        replace(PHOTO, matches=(matched(Role.RESTRICTED, Relation.SIMILAR, 1),)),
        "the file is similar to the restricted reference library/restricted_014.png (1 bit apart)",
    ),
    Example(
        "a print of it in the background",
        replace(PHOTO, matches=(aligned(Role.RESTRICTED, Relation.CONTAINS, 34, asset_share=0.08),)),
        "the file contains the restricted reference library/restricted_014.png (fills 8 % of the picture, 34 matching points)",
    ),
    Example(
        "flopped and changed in one place",
        replace(
            PHOTO,
            matches=(
                aligned(Role.RESTRICTED, Relation.ALTERED, mirrored=True, alteration=differing(0.2, (0.0, 0.0, 1.0, 0.25))),
            ),
        ),
        "the file differs in 20 % of the area (top) from the restricted reference library/restricted_014.png (mirrored, 120 "
        "matching points)",
    ),
    Example("near an owned reference only", replace(PHOTO, matches=(matched(Role.OWNED, Relation.SIMILAR, 1),))),
)
