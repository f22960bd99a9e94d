"""A library without references."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.judge.rule import Cases, DeliveryExample
from scanner.judge.subject import DeliveryView, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence

CARD = RuleCard(
    id="library-empty",
    title="The library is empty",
    why="A library was given but holds nothing, so no picture was compared with anything.",
    cannot_show="Whether any picture matches a known temporary.",
    next_step="Add references: scanner library add --role ai PATH for known temporaries, --role owned PATH for originals.",
    who="post supervisor",
)

CASES: Cases = {}


def observe(_: DeliveryView, surroundings: Surroundings) -> Iterator[Observation]:
    """See a library that was given and holds no reference."""
    if surroundings.library_given and not surroundings.library_size:
        yield Observation(CARD.id, Confidence.DEFINITIVE, "the library is empty: no picture was compared with it")


EXAMPLES = (
    DeliveryExample(
        "an empty library",
        DeliveryView(),
        "the library is empty: no picture was compared with it",
        surroundings=Surroundings(library_given=True),
    ),
    DeliveryExample("a library", DeliveryView(), surroundings=Surroundings(library_given=True, library_size=1)),
    DeliveryExample("no library was asked for", DeliveryView()),
)
