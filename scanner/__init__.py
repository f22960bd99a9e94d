"""Media asset provenance scanner: tells, before a delivery leaves the building, which files carry generative-AI provenance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scanner.model.version import VERSION as __version__  # noqa: N811

if TYPE_CHECKING:
    from scanner.engine.session import scan as scan

__all__ = ["__version__", "scan"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - module protocol
    # Importing the package must stay cheap (shell completion, workers), so the engine is loaded on first use.
    if name == "scan":
        from scanner.engine.session import scan

        return scan
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
