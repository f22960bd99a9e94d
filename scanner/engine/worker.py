"""A worker process: reads tasks from standard input, writes results to standard output.

Started by `engine.local`; ends when its input ends. It gives up what it does not need before it touches the first file.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import BinaryIO

from scanner.engine.frames import HEADER, decode, encode
from scanner.model.work import WorkFailed
from scanner.pipeline.examine import Examiner
from scanner.pipeline.settings import WorkerSettings
from scanner.tools.bounded import read_fully
from scanner.tools.confine import confine
from scanner.tools.process import limit_own_memory


def main() -> None:
    """Serve tasks until standard input ends."""
    tasks, results = _take_pipes()
    settings = _receive(tasks)
    assert isinstance(settings, WorkerSettings)
    limit_own_memory(settings.address_space_bytes)
    if settings.confine:
        confine([os.environ["TMPDIR"], os.devnull])
    examiner = Examiner(settings)
    try:
        while (task := _receive(tasks)) is not None:
            try:
                result = examiner.perform(task)  # type: ignore[arg-type]  # the driver sends tasks only
            except MemoryError:
                result = WorkFailed(task.key, "needs more memory than a worker may use")  # type: ignore[attr-defined]
            results.write(encode(result))
            results.flush()
    finally:
        examiner.close()


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep standard output for results alone: whatever a library prints goes to standard error."""
    results = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    tasks = os.fdopen(os.dup(0), "rb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    return tasks, results


def _receive(stream: BinaryIO) -> object:
    header = read_fully(stream, HEADER.size)
    if len(header) < HEADER.size:
        return None
    return decode(read_fully(stream, HEADER.unpack(header)[0]))


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        main()
    sys.exit(0)
