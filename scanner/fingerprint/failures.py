"""Why a picture could not be had: it was refused, or it is broken. Two words, because only the second says damage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from scanner.model.text import shown

_WHY_LIMIT = 160
_UNSUPPORTED = re.compile(
    r"unsupported|not (?:yet )?supported|not installed|not available|not implemented|"
    r"unknown (?:pixel mode|data organization|codec)|unable to determine|cannot handle",
    re.IGNORECASE,
)
_TOO_LARGE = re.compile(r"decompressed data too large|too much memory|security limit|exceeds", re.IGNORECASE)


class PictureError(Exception):
    """No picture could be made of a file; `why` is a clause for people, one line.

    `transient` is as `model.readings.Failed` has it: the disk or the memory failed, and not, for all that is known, the file.
    """

    def __init__(self, why: str, *, transient: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.transient = transient


class PictureRefused(PictureError):  # noqa: N818  # reads as what happened, like NothingToScan
    """Nothing is known to be wrong with the file: it is too large, of a variety that is not decoded, or cannot be opened."""


class PictureBroken(PictureError):  # noqa: N818
    """The picture is truncated or corrupt."""


@contextmanager
def told_apart() -> Iterator[None]:
    """Turn whatever a decoder raises into `PictureRefused` or `PictureBroken`; nothing else escapes.

    Raises:
        PictureRefused: too large, out of memory, or a variety the decoder says it does not know.
        PictureBroken: anything else; Pillow alone raises nine classes for damaged files.
    """
    try:
        yield
    except PictureError:
        raise
    except MemoryError as error:
        raise PictureRefused("decoding it needs more memory than there is", transient=True) from error
    except Image.DecompressionBombError as error:
        raise PictureRefused("it has more pixels than are decoded") from error
    except Exception as error:
        raise _classified(error) from error


def _classified(error: Exception) -> PictureError:
    why = shown(str(error), _WHY_LIMIT) or type(error).__name__
    # Pillow looks a picture's layout up in tables: a missing key is a layout it does not know, not damage.
    unknown_layout = isinstance(error, KeyError) or isinstance(error.__cause__, KeyError)
    if unknown_layout or isinstance(error, NotImplementedError) or _UNSUPPORTED.search(why):
        return PictureRefused(f"this variety of the format is not decoded ({why})")
    if _TOO_LARGE.search(why):
        return PictureRefused(f"larger than is decoded ({why})")
    # Decoders raise OSError without a number; the operating system gives one.
    from_system = isinstance(error, OSError) and error.errno is not None
    return PictureBroken(f"the picture cannot be decoded ({why})", transient=from_system)
