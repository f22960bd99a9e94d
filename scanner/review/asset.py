"""The page of one asset, and its metadata as read now."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from scanner.model.statements_work import StatementsRead
from scanner.report.film_hits import hits_of
from scanner.review.asset_view import asset_view
from scanner.review.decisions import desk_of
from scanner.review.metadata import grouped, tells_prompts
from scanner.review.pages import nothing_here, page
from scanner.review.picture_pages import Asked, asked_asset, pictures_of
from scanner.review.pictured import picture_of
from scanner.review.pictures import Wanted
from scanner.review.query import read_query
from scanner.review.reach import ObstacleError

FILM_SECONDS = 3.0
"""A page waits so long to learn a film's length and timecode; without, its strip ends with the last stretch."""


async def asset(request: Request) -> Response:
    """Show one asset."""
    asked = await asyncio.to_thread(asked_asset, request)
    if asked is None:
        return nothing_here(request)
    pictures, query = pictures_of(request), read_query(request.query_params.multi_items())
    record, number = asked.record, asked.report.number
    is_film = bool(hits_of(record)) and not record.members
    film = await pictures.film(Wanted(number, record.root, record.path), FILM_SECONDS) if is_film else None
    obstacle = await pictures.obstacle(picture_of(number, record))
    standing = await asyncio.to_thread(desk_of(request).standing)
    facet = await asyncio.to_thread(standing.facet, asked.report)
    view = await asyncio.to_thread(asset_view, asked, query, film, facet)
    decided = standing.about(asked.report.catalogue.content(asked.row))
    return page(
        request,
        "asset.html.j2",
        report=asked.report,
        view=view,
        obstacle=obstacle,
        library=bool(pictures.library),
        decided=decided,
    )


async def metadata(request: Request) -> Response:
    """Show all that an asset's file says about itself now; of a sequence, its first frame's."""
    asked = await asyncio.to_thread(asked_asset, request)
    if asked is None:
        return nothing_here(request)
    read, why = await _read(request, asked)
    told = tells_prompts(asked.report.file.head)
    readers = grouped(read.readers, told=told) if read else ()
    return page(request, "metadata.html.j2", report=asked.report, asked=asked, readers=readers, why=why, told=told)


async def _read(request: Request, asked: Asked) -> tuple[StatementsRead | None, str]:
    record = asked.record
    try:
        read = await pictures_of(request).statements(Wanted(asked.report.number, record.root, record.first_file))
    except ObstacleError as error:
        return None, str(error)
    return read, read.why
