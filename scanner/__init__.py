"""Media asset provenance scanner: tells, before a delivery leaves the building, which files carry generative-AI provenance.

For Python callers: `scan` a delivery, `write_reports` of it, ask for its `exit_code`; what a caller can get wrong raises
`ScannerError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scanner.model.errors import ScannerError
from scanner.model.version import VERSION as __version__  # noqa: N811

if TYPE_CHECKING:
    from scanner.engine.session import exit_code as exit_code
    from scanner.engine.session import scan as scan
    from scanner.engine.session import write_reports as write_reports

__all__ = ["ScannerError", "__version__", "exit_code", "scan", "write_reports"]

_ON_FIRST_USE = ("exit_code", "scan", "write_reports")


def __getattr__(name: str) -> Any:  # noqa: ANN401 - module protocol
    # Importing the package must stay cheap (shell completion, workers), so the engine is loaded on first use.
    if name in _ON_FIRST_USE:
        from scanner.engine import session

        return getattr(session, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
