"""The addresses of pictures. Where there is none, a small picture of our own says why; a file's bytes are never sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from scanner.model.matching import Match, NearCopy
from scanner.model.recorded import RecordedAsset
from scanner.report.film_hits import hits_of
from scanner.report.json_asset_reading import read_asset
from scanner.report.json_nodes import Node
from scanner.review.assets import static_file
from scanner.review.pages import nothing_here
from scanner.review.pictured import compared_of, copy_of, frame_of, picture_of
from scanner.review.pictures import LARGE_PX, MIDDLE_PX, PARTS, SMALL_PX, Pictures
from scanner.review.reach import Obstacle, ObstacleError
from scanner.review.room import OpenReport, Room

_JPEG, _PNG = "image/jpeg", "image/png"
RETRY_SECONDS = "3"


@dataclass(frozen=True, slots=True)
class Asked:
    """The asset that an address names."""

    report: OpenReport
    row: int
    node: Node
    record: RecordedAsset

    @property
    def address(self) -> str:
        """Where its page is."""
        return f"{self.report.address}/assets/{self.row}"


def asked_asset(request: Request) -> Asked | None:
    """Return the asset that an address names; None where there is none."""
    room: Room = request.app.state.room
    report, row = room.report(request.path_params["report"]), request.path_params["row"]
    if report is None or not 0 <= row < len(report.catalogue):
        return None
    node = report.catalogue.asset(row)
    return Asked(report, row, node, read_asset(node))


async def thumbnail(request: Request) -> Response:
    """Send the small picture of an asset."""
    return await _of_asset(request, SMALL_PX)


async def large(request: Request) -> Response:
    """Send a picture of an asset to look at closely."""
    return await _of_asset(request, LARGE_PX)


async def _of_asset(request: Request, longest_px: int) -> Response:
    asked = await asyncio.to_thread(asked_asset, request)
    if asked is None:
        return nothing_here(request)
    wanted = picture_of(asked.report.number, asked.record)
    return await _sent(pictures_of(request).picture(wanted, longest_px, urgent=longest_px != SMALL_PX))


async def frame(request: Request) -> Response:
    """Send the frame of one stretch of a film or sequence."""
    asked = await asyncio.to_thread(asked_asset, request)
    hits = hits_of(asked.record) if asked else ()
    number = request.path_params["hit"]
    if asked is None or not 0 < number <= len(hits):
        return nothing_here(request)
    wanted = frame_of(asked.report.number, asked.record, hits[number - 1])
    return await _sent(pictures_of(request).picture(wanted, MIDDLE_PX))


async def shown_in_frame(request: Request) -> Response:
    """Send the picture of what is on screen in a stretch: the library's of a reference, or the delivery's own."""
    asked = await asyncio.to_thread(asked_asset, request)
    hits = hits_of(asked.record) if asked else ()
    number = request.path_params["hit"]
    if asked is None or not 0 < number <= len(hits):
        return nothing_here(request)
    hit, pictures = hits[number - 1], pictures_of(request)
    if isinstance(hit.found, Match):
        return await _sent(pictures.reference(hit.found.reference.id))
    return await _sent(pictures.picture(copy_of(asked.report.number, hit.found, hit), MIDDLE_PX))


async def beside(request: Request) -> Response:
    """Send the small picture of a reference, or of a near copy."""
    asked, found = await asyncio.to_thread(_asked_pair, request)
    if asked is None or found is None:
        return nothing_here(request)
    pictures = pictures_of(request)
    if isinstance(found, Match):
        return await _sent(pictures.reference(found.reference.id))
    return await _sent(pictures.picture(copy_of(asked.report.number, found), SMALL_PX))


async def laid_over(request: Request) -> Response:
    """Send one of the pictures of an asset and what is beside it, laid over each other."""
    asked, found = await asyncio.to_thread(_asked_pair, request)
    part = request.path_params["part"]
    if asked is None or found is None or found.alignment is None or part not in PARTS:
        return nothing_here(request)
    number = asked.report.number
    other = found.reference.id if isinstance(found, Match) else copy_of(number, found)
    wanted = compared_of(number, asked.record, found)
    return await _sent(pictures_of(request).laid_over(wanted, other, found.alignment, part), _PNG if part == PARTS[2] else _JPEG)


def pictures_of(request: Request) -> Pictures:
    """Return what makes pictures."""
    pictures: Pictures = request.app.state.pictures
    return pictures


def _asked_pair(request: Request) -> tuple[Asked | None, Match | NearCopy | None]:
    asked, number = asked_asset(request), request.path_params["pair"]
    pairs = pairs_of(asked.record) if asked else ()
    return asked, (pairs[number] if 0 <= number < len(pairs) else None)


def pairs_of(asset: RecordedAsset) -> tuple[Match | NearCopy, ...]:
    """Return everything that an asset was found to look like, in the order of its addresses."""
    return *asset.matches, *asset.near_copies


async def _sent(coming: Awaitable[bytes], kind: str = _JPEG) -> Response:
    try:
        content = await coming
    except ObstacleError as error:
        return _told(error.obstacle)
    # Of two pictures that do not differ the difference is empty.
    return Response(content, media_type=kind) if content else _told(Obstacle.NO_DIFFERENCE)


def _told(obstacle: Obstacle) -> Response:
    if obstacle is Obstacle.BUSY:
        # No picture, so that the page notices and asks again.
        return Response("Not yet: much is asked for at once.\n", 503, {"retry-after": RETRY_SECONDS}, "text/plain")
    picture = static_file(f"{obstacle}.svg")
    assert picture is not None
    return Response(picture[0], media_type=picture[1])
