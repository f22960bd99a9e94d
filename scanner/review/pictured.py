"""Which file, and which moment of it, stands for an asset, for a stretch of a film, for what is beside it."""

from __future__ import annotations

import re
from posixpath import basename

from scanner.model.matching import Match, NearCopy
from scanner.model.recorded import RecordedAsset
from scanner.report.film_hits import Hit, foremost, hits_of
from scanner.review.pictures import Wanted

_NUMBER = re.compile(r"([0-9]{1,18})[^0-9]*$")


def picture_of(report: int, asset: RecordedAsset) -> Wanted:
    """Return what stands for an asset: of films and sequences the frame that shows most of what was found."""
    first = next(iter(foremost(hits_of(asset), 1)), None)
    return frame_of(report, asset, first) if first else Wanted(report, asset.root, asset.first_file)


def frame_of(report: int, asset: RecordedAsset, hit: Hit) -> Wanted:
    """Return the frame that tells most of one stretch."""
    numbers = hit.segment.numbers
    if numbers is not None:
        return Wanted(report, asset.root, _member(asset, numbers.best))
    return Wanted(report, asset.root, asset.path, hit.segment.best)


def compared_of(report: int, asset: RecordedAsset, found: Match | NearCopy) -> Wanted:
    """Return the file that was laid over a reference: of a sequence the frame that the match names."""
    frames = found.frames if isinstance(found, Match) else ""
    path = _member(asset, int(frames)) if frames.isascii() and frames.isdigit() and len(frames) < 19 else asset.first_file
    return Wanted(report, asset.root, path)


def copy_of(report: int, copy: NearCopy, hit: Hit | None = None) -> Wanted:
    """Return the picture of a near copy; of a clip its frame that was recognised."""
    part = hit.segment.of_clip if hit else None
    return Wanted(report, copy.root, copy.path, part.best if part else None)


def _member(asset: RecordedAsset, number: int) -> str:
    """Return the file of a sequence that has a number; its first where none has."""
    for path in asset.members:
        stem = basename(path).rpartition(".")[0]
        found = _NUMBER.search(stem)
        if found and int(found.group(1)) == number:
            return path
    return asset.first_file
