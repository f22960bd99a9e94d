"""OpenTimelineIO and its AAF adapter, an extra: loaded when asked for, and kept from harm.

The library's own JSON reader is recursive in C++ and dies with the process on deep documents, so a document is parsed
here first, bounded, and handed on without what nothing here reads: markers are in every version of the schema another.
"""

from __future__ import annotations

import json
import logging
import os
from fractions import Fraction
from typing import Any

from scanner.model.cut import CutError
from scanner.timeline.content import read_content

INSTALL = "pip install 'media-provenance-scanner[timeline]'"
DEPTH_LIMIT = 200
OTIO_LIMIT_BYTES = 128 << 20
"""JSON takes some eight times its size in memory; a feature cut has some ten megabytes."""
AAF_LIMIT_BYTES = 256 << 20
_UNREAD = ("markers", "media_linker")


def load_otio(path: str) -> Any:  # noqa: ANN401 - untyped library
    """Read an OTIO file as the library's object.

    Raises:
        CutError: the library is not installed, or it cannot read the file.
    """
    library = _library(path)
    document = _bounded_json(path)
    return _ask(
        path, lambda: library.adapters.read_from_string(json.dumps(document), "otio_json", media_linker_name=_no_linker(library))
    )


def load_aaf(path: str) -> tuple[Any, dict[str, bool]]:
    """Read an AAF as the library's object, with whether each top composition, by its mob id, is drop-frame.

    Raises:
        CutError: the library or its adapter is not installed, or they cannot read the file.
    """
    library = _library(path)
    try:
        import aaf2
        import otio_aaf_adapter  # noqa: F401 - the library finds it by itself, but says less where it is missing
    except ImportError:
        raise _missing("an AAF is read with OpenTimelineIO's AAF adapter", path) from None
    try:
        if os.stat(path).st_size > AAF_LIMIT_BYTES:
            raise CutError(f"is larger than {AAF_LIMIT_BYTES >> 20} MB; media may be embedded", where=path, next_step=_AAF_HINT)
    except OSError as error:
        raise CutError(f"the cut cannot be read: {error.strerror or error}", where=path, next_step="Check the path") from None
    found = _ask(
        path, lambda: library.adapters.read_from_file(os.path.realpath(path), "AAF", media_linker_name=_no_linker(library))
    )
    return found, _ask(path, lambda: _drop_frames(aaf2, os.path.realpath(path)))


_AAF_HINT = "Export the AAF again with its media linked, not embedded"


def exact_rate(value: float) -> Fraction:
    """The rate that the library keeps as a float: 24000/1001 for 23.976023976023978.

    Raises:
        ValueError: it is none.
    """
    rate = Fraction(value).limit_denominator(1001)
    if not 0 < rate <= 1_000_000:
        raise ValueError(f"{value!r} is no rate")
    return rate


def _library(path: str) -> Any:  # noqa: ANN401 - untyped library
    try:
        import opentimelineio
    except ImportError:
        raise _missing("an OTIO or AAF is read with OpenTimelineIO", path) from None
    return opentimelineio


def _missing(what: str, path: str) -> CutError:
    return CutError(f"{what}, which is not installed", where=path, next_step=f"Install it: {INSTALL}")


def _no_linker(library: Any) -> Any:  # noqa: ANN401 - untyped library
    """A linker would look for media on this machine, by code that an environment variable names."""
    return library.media_linker.MediaLinkingPolicy.DoNotLinkMedia


def _ask(path: str, question: Any) -> Any:  # noqa: ANN401 - untyped library
    silenced = logging.root.manager.disable
    # The AAF reader speaks of what it stumbles over to the root logger, which prints.
    logging.disable(logging.CRITICAL)
    try:
        return question()
    except (CutError, MemoryError):
        # Memory is the worker's matter, which says it in its own words.
        raise
    except Exception as error:
        # Adapters raise whatever they stumble over: KeyError, struct.error, recursion, their own.
        lines = str(error).strip().splitlines() or [""]
        what = f"OpenTimelineIO cannot read it: {type(error).__name__} {lines[0][:120]}".rstrip()
        raise CutError(what, where=path, next_step="Export the cut again, or as an EDL") from None
    finally:
        logging.disable(silenced)


def _bounded_json(path: str) -> Any:  # noqa: ANN401 - JSON
    try:
        document = json.loads(read_content(path, OTIO_LIMIT_BYTES))
    except RecursionError:
        raise _too_deep(path) from None
    except (ValueError, UnicodeError) as error:
        raise CutError(f"is no JSON: {str(error)[:80]}", where=path, next_step="Export the cut again") from None
    waiting = [(document, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > DEPTH_LIMIT:
            raise _too_deep(path)
        if isinstance(one, dict):
            for name in _UNREAD:
                if name in one:
                    one[name] = []
            waiting += [(value, depth + 1) for value in one.values() if isinstance(value, dict | list)]
        elif isinstance(one, list):
            waiting += [(value, depth + 1) for value in one if isinstance(value, dict | list)]
    return document


def _too_deep(path: str) -> CutError:
    return CutError(f"is nested deeper than {DEPTH_LIMIT} levels", where=path, next_step="Export the cut flattened")


def _drop_frames(aaf2: Any, path: str) -> dict[str, bool]:  # noqa: ANN401 - untyped library
    """What the first timecode track of each composition says; the library's times have lost it."""
    found: dict[str, bool] = {}
    with aaf2.open(path, "r") as opened:
        for mob in opened.content.compositionmobs():
            for slot in mob.slots:
                held = getattr(slot.segment, "components", None) or [slot.segment]
                segment = next((one for one in held if type(one).__name__ == "Timecode"), slot.segment)
                if type(segment).__name__ == "Timecode" and segment.fps == round(float(slot.edit_rate)):
                    found.setdefault(str(mob.mob_id), bool(segment.drop))
    return found
