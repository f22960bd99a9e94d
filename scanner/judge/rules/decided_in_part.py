"""A film of which only parts were decided on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from scanner.judge.evidence import count, noun
from scanner.judge.examples import MOVIE, PHOTO
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence
from scanner.model.stretches import Stretch

CARD = RuleCard(
    id="decided-in-part",
    title="Only parts of the film were decided on",
    why="The log holds decisions about parts of this film. A finding is allowed only where all of its stretches lie inside such "
    "parts; these stretches do not.",
    cannot_show="Anything about the parts themselves: the decisions beside the asset say what they are for.",
    next_step="Look at the stretches that are left, and decide on them too, or on the film as a whole.",
    who="post producer",
)

CASES: Cases = {}
_TOLD = 5


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See the stretches that decisions about parts leave open."""
    left = subject.undecided
    if left:
        told = ", ".join(map(str, left[:_TOLD])) + (f" and {len(left) - _TOLD:,} more" if len(left) > _TOLD else "")
        message = f"{noun(subject)} was decided on in parts, and {count(len(left), 'stretch', 'stretches')} with findings "
        yield Observation(
            CARD.id, Confidence.DEFINITIVE, f"{message}{'is' if len(left) == 1 else 'are'} left: {told}", stretches=left
        )


_FILM = replace(PHOTO, path="final/ep1.mov", format=MOVIE)

EXAMPLES = (
    Example(
        "one of two stretches was approved",
        replace(_FILM, undecided=(Stretch(Fraction(61, 2), Fraction(34)),)),
        "the file was decided on in parts, and 1 stretch with findings is left: 30.5 s to 34 s",
    ),
    Example(
        "two are left",
        replace(_FILM, undecided=(Stretch(Fraction(1), Fraction(2)), Stretch(Fraction(1001, 24), Fraction(44)))),
        "the file was decided on in parts, and 2 stretches with findings are left: 1 s to 2 s, 1001/24 s to 44 s",
    ),
    Example("all were approved", _FILM),
)
