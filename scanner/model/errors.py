"""Every error that a user can cause, as one tree.

An error says what happened, where, and what to do next; the command line prints it as one line and turns its class into
an exit code. Errors of libraries are mapped into this tree once, in the adapter that calls the library.
"""

from __future__ import annotations


class ScannerError(Exception):
    """Anything the scanner itself reports as an error.

    ``what`` is a sentence without its full stop, ``where`` a path or an option, ``next_step`` what the user can do.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", next_step: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.next_step = next_step

    def __str__(self) -> str:
        sentence = f"{self.where}: {self.what}" if self.where else self.what
        return f"{sentence}. {self.next_step}" if self.next_step else sentence


class UsageError(ScannerError):
    """The command line, a setting or a configuration file asks for something that cannot be."""

    exit_code = 2


class CatalogueError(UsageError):
    """A catalogue, policy or trust file breaks its own rules."""


class ApprovalLogError(UsageError):
    """The approval log does not hold: an entry was changed, removed or moved. Nothing is judged by such a log."""


class NothingToScan(ScannerError):  # noqa: N818 - reads as what happened
    """The roots hold no file at all."""

    exit_code = 3


class ToolError(ScannerError):
    """An outside program is missing, too old, or does not answer."""


class StoreError(ScannerError):
    """A library or store on disk cannot be opened, read or written."""


class ReportError(ScannerError):
    """A report cannot be written."""
