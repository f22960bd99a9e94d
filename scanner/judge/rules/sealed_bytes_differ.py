"""A file whose bytes are not those that somebody sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import NAME_LIMIT, PATH_LIMIT, count
from scanner.judge.examples import PHOTO, SEQUENCE
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence
from scanner.model.sealed import SealedHash
from scanner.model.sealed_told import AssetSealed, SealedState
from scanner.model.text import shown

CARD = RuleCard(
    id="sealed-bytes-differ",
    title="The bytes are not the sealed ones",
    why="An ASC MHL history or a packing list in the delivery says which bytes the file had when it was sealed, and it has "
    "others now: it was saved again, replaced, or damaged in copying.",
    cannot_show="What was changed, by whom and whether on purpose. The list is believed as it stands: who replaces a file can "
    "seal it anew.",
    next_step="Take the file again from the copy that was sealed. If the change is wanted, have whoever made it say so, and "
    "deliver it with a seal of its own.",
    who="whoever made the copy",
    source="ASC MHL 2.0; SMPTE ST 2067-2, packing lists",
)

CASES: Cases = {}

_NAMES_TOLD = 3


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See that a hash of the bytes, or the size, is another than the sealed one."""
    sealed = subject.sealed
    if sealed is None or sealed.state is not SealedState.DIFFERS:
        return
    total = sum(number for _, number in sealed.counts)
    where = f"{shown(sealed.list_path, PATH_LIMIT)}{_made(sealed.hash)}"
    if total <= 1:
        message = f"the bytes are not the sealed ones: {sealed.why} ({where})"
    else:
        message = (
            f"{sealed.files(SealedState.DIFFERS):,} of {total:,} files are not as they were sealed ({where}): {_named(sealed)}"
        )
    yield Observation(CARD.id, Confidence.DEFINITIVE, message)


def _made(sealed: SealedHash | None) -> str:
    if sealed is None or not sealed.generation:
        return ""
    day = f" of {shown(sealed.date[:10], NAME_LIMIT)}" if sealed.date else ""
    return f", generation {sealed.generation}{day}"


def _named(sealed: AssetSealed) -> str:
    names = ", ".join(shown(path.rpartition("/")[2], NAME_LIMIT) for path in sealed.differing[:_NAMES_TOLD])
    left = sealed.files(SealedState.DIFFERS) - _NAMES_TOLD
    return names + (f" and {count(left, 'more', 'more')}" if left > 0 else "")


_MD5 = SealedHash("md5", "0" * 32, 2, date="2026-01-17T14:30:00+00:00")
_CHANGED = AssetSealed(
    SealedState.DIFFERS,
    0,
    "final/ascmhl",
    _MD5,
    "its md5 is not the sealed one",
    ((SealedState.DIFFERS, 1),),
    ("final/ep1/st_014.jpg",),
)
_GROWN = replace(_CHANGED, list_path="final/ASSETMAP.xml", hash=None, why="it has 7 bytes, and was sealed with 5")
_FRAMES = replace(
    _CHANGED,
    counts=((SealedState.DIFFERS, 4), (SealedState.VERIFIED, 92)),
    differing=tuple(f"final/shots/a.{number}.exr" for number in range(1001, 1005)),
)

EXAMPLES = (
    Example(
        "a still that was saved again after the folder was sealed",
        replace(PHOTO, sealed=_CHANGED),
        "the bytes are not the sealed ones: its md5 is not the sealed one (final/ascmhl, generation 2 of 2026-01-17)",
    ),
    Example(
        "a file of another size than its packing list says",
        replace(PHOTO, sealed=_GROWN),
        "the bytes are not the sealed ones: it has 7 bytes, and was sealed with 5 (final/ASSETMAP.xml)",
    ),
    Example(
        "four frames rendered again",
        replace(SEQUENCE, sealed=_FRAMES),
        "4 of 96 files are not as they were sealed (final/ascmhl, generation 2 of 2026-01-17): a.1001.exr, a.1002.exr, "
        "a.1003.exr and 1 more",
    ),
    Example("the sealed bytes", replace(PHOTO, sealed=replace(_CHANGED, state=SealedState.VERIFIED))),
    Example("sealed, and not compared", replace(PHOTO, sealed=replace(_CHANGED, state=SealedState.NOT_CHECKED))),
    Example("no list speaks of it", PHOTO),
)
