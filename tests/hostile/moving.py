"""Films whose bytes were changed to say what they are not, and looking at them as a scan does."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from scanner.model.work import OpenFilmTask
from scanner.pipeline.film_frames import look_at_film, open_film
from scanner.pipeline.film_looking import Watched
from scanner.pipeline.moving_assets import FilmAsset


@dataclass
class Seen:
    """What came of one film."""

    why: str = ""
    asked: int = 0
    times: list[Fraction] = field(default_factory=list)


def looked_at(path: Path) -> Seen:
    """Open the film and have all its stretches looked at, in this process."""
    opened = open_film(OpenFilmTask(0, str(path), path.stat().st_size))
    if opened.description is None:
        return Seen(opened.why)
    watched, seen = Watched.of(FilmAsset(str(path), 1, opened.description)), Seen()
    while numbers := watched.stretches.following():
        for number in numbers:
            if watched.stretches.wants(number):
                result = look_at_film(watched.moving.film_task(seen.asked, watched.stretches.place(number)))
                watched.take(result, number)
                seen.asked += 1
    seen.times, seen.why = sorted(watched.looked_at), watched.stretches.why
    return seen


def set_in_box(content: bytes, kind: bytes, offset: int, value: int, size: int = 4) -> bytes:
    """Set a number in every box of a kind; `offset` is from the start of its content."""
    changed, at = bytearray(content), content.find(kind)
    assert at >= 0, kind
    while at >= 0:
        place = at + 4 + offset
        changed[place : place + size] = struct.pack(">Q", value)[-size:]
        at = content.find(kind, at + 4)
    return bytes(changed)
