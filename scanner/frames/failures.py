"""Why a film gives no frames. What the library raises is mapped here, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from scanner.model.moving import FilmObstacle
from scanner.model.text import shown

_WHY_LIMIT = 160


class FilmError(Exception):
    """A film, or a part of it, cannot be had; `why` is a clause for people, one line."""

    def __init__(self, obstacle: FilmObstacle, why: str) -> None:
        super().__init__(why)
        self.obstacle = obstacle
        self.why = why


@contextmanager
def told_apart() -> Iterator[None]:
    """Turn whatever the library raises into `FilmError`; nothing else escapes.

    Raises:
        FilmError: with `TOO_LARGE` where memory does not do, `CODEC_UNKNOWN` where a decoder is missing or says that it does
            not know the variety, `BROKEN` for anything else.
    """
    try:
        yield
    except FilmError:
        raise
    except MemoryError as error:
        raise FilmError(FilmObstacle.TOO_LARGE, "decoding it needs more memory than there is") from error
    except Exception as error:
        raise _classified(error) from error


def _classified(error: Exception) -> FilmError:
    # PyAV's own classes derive from built-in ones; the library's names are not imported here, since it may be missing.
    names = {kind.__name__ for kind in type(error).__mro__}
    why = shown(getattr(error, "strerror", None) or str(error), _WHY_LIMIT) or type(error).__name__
    if names & {"DecoderNotFoundError", "UnknownCodecError", "PatchWelcomeError", "NotImplementedError"}:
        return FilmError(FilmObstacle.CODEC_UNKNOWN, f"nothing decodes it ({why})")
    return FilmError(FilmObstacle.BROKEN, f"it cannot be read ({why})")
