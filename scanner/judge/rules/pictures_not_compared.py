"""Pictures that were read but not compared with the library."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import NAME_LIMIT, count
from scanner.judge.examples import MOVIE, PHOTO, moved
from scanner.judge.rule import Cases, DeliveryExample
from scanner.judge.subject import DELIVERABLE_ZONES, DeliveryView, Subject, Surroundings
from scanner.model.formats import MediaKind
from scanner.model.judging import Observation, RuleCard, Zone
from scanner.model.marks import Confidence, Provenance
from scanner.model.text import shown

CARD = RuleCard(
    id="pictures-not-compared",
    title="Pictures not compared with the library",
    why="A library was given, yet some pictures outside temporary and reference folders could not be compared with it: a "
    "stripped temporary among them would not be seen.",
    cannot_show="Whether any of them matches a reference.",
    next_step="Look at these by eye, or deliver frames of them in a format whose pictures can be compared.",
    who="post supervisor",
)

CASES: Cases = {}

_KINDS = (MediaKind.STILL, MediaKind.VIDEO)
_REASONS_TOLD = 3


def observe(view: DeliveryView, surroundings: Surroundings) -> Iterator[Observation]:
    """See all pictures that a given library was not compared with, as one observation with counts."""
    if not surroundings.library_size:
        return
    reasons = Counter(view.uncompared)
    if not reasons:
        return
    told = [f"{number:,} × {reason}" for reason, number in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))]
    rest = "" if len(told) <= _REASONS_TOLD else f"; {count(len(told) - _REASONS_TOLD, 'more reason')}"
    counted = "1 picture or movie was" if reasons.total() == 1 else f"{reasons.total():,} pictures or movies were"
    message = f"{counted} not compared with the library ({'; '.join(told[:_REASONS_TOLD])}{rest})"
    yield Observation(CARD.id, Confidence.DEFINITIVE, message)


def uncompared_reason(subject: Subject) -> str:
    """Return why an asset's picture was not compared, empty where it was or need not be; counts of these make up the view."""
    is_open = (
        subject.format.kind in _KINDS
        and subject.zone.zone in DELIVERABLE_ZONES
        and not subject.fingerprinted
        # What was not read at all is told, and weighed, by media-not-read.
        and subject.provenance is not Provenance.UNREADABLE
    )
    return (shown(subject.picture_note, NAME_LIMIT) or subject.format.title) if is_open else ""


def _view(*subjects: Subject) -> DeliveryView:
    return DeliveryView(uncompared=Counter(filter(None, map(uncompared_reason, subjects))))


_LIBRARY = Surroundings(library_given=True, library_size=12)
_FILM = replace(PHOTO, path="final/ep1.mov", format=MOVIE, fingerprinted=False)
_BROKEN = replace(PHOTO, path="final/st_015.jpg", fingerprinted=False, picture_note="the picture could not be decoded")

EXAMPLES = (
    DeliveryExample(
        "two movies and a still",
        _view(PHOTO, _FILM, replace(_FILM, path="final/ep2.mov"), _BROKEN),
        "3 pictures or movies were not compared with the library (2 × QuickTime movie; 1 × the picture could not be decoded)",
        surroundings=_LIBRARY,
    ),
    DeliveryExample(
        "one movie",
        _view(_FILM),
        "1 picture or movie was not compared with the library (1 × QuickTime movie)",
        surroundings=_LIBRARY,
    ),
    DeliveryExample("no library was given", _view(_FILM)),
    DeliveryExample("the library is empty", _view(_FILM), surroundings=Surroundings(library_given=True)),
    DeliveryExample("a temporary movie", _view(moved(_FILM, Zone.TEMPORARY)), surroundings=_LIBRARY),
    DeliveryExample("all compared", _view(PHOTO), surroundings=_LIBRARY),
)
