"""The lines of a CMX 3600 EDL, one at a time: tokens, not yet times."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

_ONE = r"\d\d[:;.,]\d\d[:;.,]\d\d[:;.,]\d\d\d?"
_TIMECODE = re.compile(_ONE, re.ASCII)
_FOUR_TIMECODES = re.compile(r"(?<!\S)" + r"\s+".join([f"({_ONE})"] * 4) + r"(?!\S)", re.ASCII)
_CUT = re.compile(r"\s*([A-Z]?[0-9]{1,9}[A-Z]?) +([!-~]+) +([!-~]+) +C +" + r"\s+".join([f"({_ONE})"] * 4) + r"(?!\S)", re.ASCII)
"""Most lines of most lists: a cut whose reel has no space in its name."""
_NUMBER = re.compile(r"[A-Z]?\d{1,9}[A-Z]?", re.ASCII)
_TYPE = re.compile(r"C|D|W\d{1,3}|K[BO]?", re.ASCII)
_SPEED = re.compile(r"[+-]?\d{1,7}(\.\d{1,6})?", re.ASCII)
_TYPE_AT_LEAST = 3
"""Number, reel and track come before it."""


class EventLine(NamedTuple):
    """An edit decision, as it is written."""

    number: str
    reel: str
    track: str
    type: str
    """``C``, ``D``, ``W001``, ``K``, ``KB``, ``KO``."""
    frames: int
    """Of the transition; 0 for a cut."""
    source_in: str
    source_out: str
    record_in: str
    record_out: str


@dataclass(frozen=True, slots=True)
class SpeedLine:
    """An ``M2``: the speed at which a source runs."""

    reel: str
    frames_per_second: str
    source_in: str


def parse_event(line: str) -> EventLine | None:
    """The edit decision in a line; None where there is none."""
    if cut := _CUT.match(line):
        number, reel, track, source_in, source_out, record_in, record_out = cut.groups()
        return EventLine(number, reel, track.upper(), "C", 0, source_in, source_out, record_in, record_out)
    times = _FOUR_TIMECODES.search(line)
    head = line[: times.start()].split() if times else []
    if times is None or len(head) <= _TYPE_AT_LEAST or not _NUMBER.fullmatch(head[0]):
        return None
    frames = 0
    if len(head) > _TYPE_AT_LEAST + 1 and head[-1].isdecimal() and len(head[-1]) <= 4:
        frames = int(head.pop())
    if len(head) > _TYPE_AT_LEAST + 1 and head[-2] == "K" and head[-1] in ("B", "O"):
        head[-2:] = [head[-2] + head[-1]]
    if not _TYPE.fullmatch(head[-1].upper()):
        return None
    # A reel's name may hold spaces; tracks and types never do.
    return EventLine(head[0], " ".join(head[1:-2]), head[-2].upper(), head[-1].upper(), frames, *times.groups())


def looks_like_event(line: str) -> bool:
    """Whether a line that is no whole edit decision was meant to be one: it begins with an edit's number."""
    first = line.split(maxsplit=1)[:1]
    return bool(first) and len(first[0]) >= 3 and first[0].isdecimal()


def parse_speed(line: str) -> SpeedLine | None:
    """The speed in an ``M2`` line; None where it is none."""
    tokens = line.split()
    if len(tokens) < 4 or tokens[0] != "M2" or not _SPEED.fullmatch(tokens[-2]) or not _TIMECODE.fullmatch(tokens[-1]):
        return None
    return SpeedLine(" ".join(tokens[1:-2]), tokens[-2], tokens[-1])


def parse_remark(line: str) -> tuple[str, str]:
    """What a comment says, as an upper-case key and its value; both are empty where it says nothing so."""
    key, colon, value = line.partition(":")
    return (_plain_key(key), value.strip()) if colon else ("", "")


@lru_cache(maxsize=256)
def _plain_key(key: str) -> str:
    return " ".join(key.lstrip("* \t").upper().split())
