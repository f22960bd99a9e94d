"""What pages load beside themselves: a fixed table of files of the package, so that no address leads anywhere else."""

from __future__ import annotations

from functools import cache
from importlib import resources

HTMX = "htmx-2.0.11.min.js"
_KINDS = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
_NAMES = {
    "colours.css": "scanner.report/templates",
    "compare.css": "scanner.report/templates",
    "compare.js": "scanner.report/templates",
    "film.css": "scanner.report/templates",
    "asset.css": "scanner.review/static",
    "room.css": "scanner.review/static",
    "room.js": "scanner.review/static",
    HTMX: "scanner.review/static",
    **{f"{name}.svg": "scanner.review/static" for name in ("out-of-reach", "changed", "no-picture", "no-difference")},
}


@cache
def static_file(name: str) -> tuple[bytes, str] | None:
    """Return a file and its media type; None where there is none of this name."""
    place = _NAMES.get(name)
    if place is None:
        return None
    package, _, folder = place.partition("/")
    return (resources.files(package) / folder / name).read_bytes(), _KINDS[name.rpartition(".")[2]]
