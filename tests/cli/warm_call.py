"""What asks the process of `tests.cli.warm` for a run; also a program that takes the place of ``scanner`` or of its worker.

It imports little: a shell that calls it ten times waits for it ten times.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Sequence

SIZE_BYTES = 8
"""A request is the size of its text and the three standard streams, then the text."""


def call(place: str, name: str) -> list[str]:
    """Return what starts this program, as ``scanner`` or a ``worker``; arguments of that may follow."""
    # No site and no variables: it needs neither, and is started often.
    return [sys.executable, "-I", "-S", __file__, place, name]


def ask(
    place: str, arguments: Sequence[str], cwd: str, environment: dict[str, str], streams: Sequence[int], seconds: float
) -> int:
    """Have ``scanner`` or a ``worker`` run, with arguments behind its name and three descriptors as its standard streams.

    Returns its exit code, negative for a signal.

    Raises:
        TimeoutError: it took longer than `seconds`.
        ConnectionError: the process that forks is gone.
    """
    wanted = json.dumps({"arguments": [*arguments], "cwd": cwd, "environment": environment}).encode()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(seconds)
        connection.connect(place)
        socket.send_fds(connection, [len(wanted).to_bytes(SIZE_BYTES, "big")], streams)
        connection.sendall(wanted)
        answer = connection.recv(16)
    if not answer:
        raise ConnectionError("the warm process has no answer")
    return int(answer)


if __name__ == "__main__":
    ended = ask(sys.argv[1], sys.argv[2:], os.getcwd(), dict(os.environ), (0, 1, 2), 120)
    # As a shell tells of a signal.
    sys.exit(ended if ended >= 0 else 128 - ended)
