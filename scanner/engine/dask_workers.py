"""Which workers of a dask cluster take part: each is asked for its versions and its view of the tree before it gets work."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

from scanner.engine import dask_host
from scanner.engine.cluster_setup import HostReport, differences, refusals, unpack_report
from scanner.engine.dask_clusters import Connection, gone
from scanner.model.errors import ScannerError, ToolError
from scanner.model.text import shown

_GLANCE_SECONDS = 0.2
_NEXT_STEP = "Install the same versions on all hosts, let them see the tree (--map-path), and scan again."


class WorkerRoll:
    """The workers that were let in, and those that were not."""

    def __init__(self, connection: Connection, setup: bytes, here: HostReport) -> None:
        """Prepare to tell the workers of a connection a packed setup, and to compare them with what is `here`."""
        self._connection = connection
        self._client = connection.client
        self._setup = setup
        self._here = here
        self._threads: dict[str, int] = {}
        self._refused: dict[str, tuple[str, str]] = {}
        self._begun = False
        self.notes: tuple[str, ...] = ()

    @property
    def addresses(self) -> frozenset[str]:
        """Of the workers that take part."""
        return frozenset(self._threads)

    @property
    def threads(self) -> int:
        """Tasks that they can do at once."""
        return sum(self._threads.values())

    def gather(self) -> None:
        """Wait until there is a worker to work with.

        Raises:
            ScannerError: there is none in time, none that can take part, or at the start any that cannot.
        """
        deadline = time.monotonic() + self._connection.patience_seconds
        self.call()
        while not self._threads:
            if self._refused:
                raise ToolError(refusals(list(self._refused.values())), where=self._connection.told, next_step=_NEXT_STEP)
            if time.monotonic() > deadline:
                raise ToolError("it has no worker", where=self._connection.told, next_step="Start `dask worker` on its hosts.")
            time.sleep(_GLANCE_SECONDS)
            self.call()

    def call(self) -> None:
        """See who is there, and ask whoever is new.

        Raises:
            ScannerError: the scheduler is gone; at the start also: a worker cannot take part.
        """
        try:
            present: dict[str, int] = dict(self._client.nthreads())
        except (OSError, TimeoutError, RuntimeError) as error:
            raise gone(self._connection.told) from error
        self._threads = {address: present[address] for address in self._threads if address in present}
        self._refused = {address: why for address, why in self._refused.items() if address in present}
        new = [address for address in present if address not in self._threads and address not in self._refused]
        if new:
            self._ask(new, present)

    def strike(self, address: str) -> None:
        """Take a worker off; the next call asks it again."""
        self._threads.pop(address, None)

    def refuse(self, address: str, host: str, why: str) -> None:
        """Give a worker no more work, and tell why in the report."""
        self._threads.pop(address, None)
        if address not in self._refused:
            self._refused[address] = (host, why)
            note = f"a worker on host {shown(host, 80)} was given no more work: {shown(why, 200)}"
            self.notes = tuple(dict.fromkeys((*self.notes, note)))

    def tell(self, function: Callable[[str], None], text: str) -> None:
        """Have all workers that take part run one of `engine.dask_host`."""
        if self._threads:
            self._client.run(function, text, workers=list(self._threads), on_error="ignore")

    def dismiss(self, setup_name: str) -> None:
        """Have the workers stop what they keep for this scan."""
        with suppress(OSError, TimeoutError, RuntimeError, ScannerError):
            self.call()
            self.tell(dask_host.forget, setup_name)

    def _ask(self, new: list[str], threads: dict[str, int]) -> None:
        answers = self._client.run(dask_host.introduce, self._setup, workers=new, on_error="return")
        for address, answer in answers.items():
            host, why = self._judged(address, answer)
            if why is None:
                continue
            if why:
                self.refuse(address, host, why)
            else:
                self._threads[address] = threads[address]
        if not self._begun and self._refused:
            raise ToolError(refusals(list(self._refused.values())), where=self._connection.told, next_step=_NEXT_STEP)
        self._begun = self._begun or bool(self._threads)

    def _judged(self, address: str, answer: object) -> tuple[str, str | None]:
        """Return a worker's host and why it cannot take part: empty where it can, None where it must be asked again."""
        match answer:
            case bytes():
                report = unpack_report(answer)
                return report.host, differences(report, self._here)
            case ImportError():
                return address, f"the scanner is not installed there ({answer})"
            case OSError() | TimeoutError() | None:
                return address, None
        return address, f"it cannot be asked ({type(answer).__name__}: {answer})"
