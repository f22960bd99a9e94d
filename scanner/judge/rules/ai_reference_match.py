"""The asset matches a reference known as temporary AI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import count, noun
from scanner.judge.examples import PHOTO, aligned, differing, matched
from scanner.judge.nearness import near, rival, stretches, sureness, tell
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.matching import Relation, Role

CARD = RuleCard(
    id="ai-reference-match",
    title="The picture matches an AI reference",
    why="Marks die in editing; the picture survives. This asset matches a picture that the library knows as temporary AI: it is "
    "that picture, a part of it, or shows it.",
    cannot_show="Which of the two came first: an AI picture made from a photograph also matches that photograph, and points "
    "agree wherever they show the same. A match by hash alone says that two pictures look alike to the hash, no more.",
    next_step="Compare both side by side. Replace the temporary, or ask for the client's written approval and record it.",
    who="post producer",
    source="Netflix, Using Generative AI in Content Production: generated material is temporary",
)

CASES: Cases = {
    "same": "equal bytes or pixels",
    "derived": "the AI picture, or a crop, push-in, grade or resize of it",
    "contains": "the AI picture is a part of what is shown",
    "contained": "a small part of the AI picture",
    "altered": "laid over the AI picture, a region differs",
    "similar": "alike by hash, no more is known",
    "ambiguous": "an owned or licensed reference explains the asset as well as the AI one, or better",
}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See the nearest AI reference that no source explains as well, else the nearest with the source that does."""
    ai = near(subject.matches, Role.AI)
    if not ai:
        return
    # A part of the asset may be explained by a source, another part by nothing but an AI reference.
    lead = next((match for match in ai if rival(match, subject.matches) is None), ai[0])
    source = rival(lead, subject.matches)
    more = f", and {count(len(ai) - 1, 'more AI reference')}" if len(ai) > 1 else ""
    also = f", and {tell(source)}" if source else ""
    case = "ambiguous" if source else lead.relation.value
    yield Observation(
        CARD.id, sureness(lead), f"{noun(subject)} {tell(lead)}{more}{also}", lead.reference.id, case, stretches(ai)
    )


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
        "a push-in on it, graded and flopped",
        replace(PHOTO, matches=(aligned(Role.AI, Relation.DERIVED, 41, reference_share=0.36, mirrored=True),)),
        "the file is a crop of the AI reference library/ai_014.png (mirrored, shows 36 % of it, 41 matching points)",
        "derived",
    ),
    Example(
        "a temporary on a monitor in the picture",
        replace(PHOTO, matches=(aligned(Role.AI, Relation.CONTAINS, 34, asset_share=0.12),)),
        "the file contains the AI reference library/ai_014.png (fills 12 % of the picture, 34 matching points)",
        "contains",
    ),
    Example(
        "one picture of a generated contact sheet",
        replace(PHOTO, matches=(aligned(Role.AI, Relation.CONTAINED, 29, reference_share=0.08),)),
        "the file is a small part of the AI reference library/ai_014.png (shows 8 % of it, 29 matching points)",
        "contained",
    ),
    Example(
        "a temporary that was painted over",
        replace(PHOTO, matches=(aligned(Role.AI, Relation.ALTERED, alteration=differing(0.06, (0.6, 0.1, 0.8, 0.3))),)),
        "the file differs in 6 % of the area (upper right) from the AI reference library/ai_014.png (120 matching points)",
        "altered",
    ),
    Example(
        "the photograph that a known AI edit was made from",
        replace(
            PHOTO,
            matches=(
                aligned(Role.AI, Relation.ALTERED, alteration=differing(0.06, (0.6, 0.1, 0.8, 0.3))),
                aligned(Role.OWNED, Relation.DERIVED, 380),
            ),
        ),
        "the file differs in 6 % of the area (upper right) from the AI reference library/ai_014.png (120 matching points), "
        "and is derived from the owned reference library/owned_014.png (380 matching points)",
        "ambiguous",
    ),
    Example(
        "an AI edit of our photograph",
        replace(
            PHOTO,
            matches=(
                aligned(Role.OWNED, Relation.ALTERED, alteration=differing(0.06, (0.6, 0.1, 0.8, 0.3))),
                aligned(Role.AI, Relation.DERIVED, 380),
            ),
        ),
        "the file is derived from the AI reference library/ai_014.png (380 matching points)",
        "derived",
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
