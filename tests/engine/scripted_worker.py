"""A worker that does what the task's path says, for tests of the engine: ``python scripted_worker.py``.

``fine`` answers · ``die`` kills itself · ``hang`` sleeps · ``once FILE`` kills itself unless FILE exists, which it makes ·
``quit`` ends in order · ``noise`` writes what is no message · ``foreign`` names a class that is no message · ``other`` answers
a task that nobody gave it · ``words`` answers with no result · ``huge`` announces a message past the limit · ``linger`` answers
after a while · ``clock`` too, and says from when to when.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
import time
from pathlib import Path

from scanner.engine.frames import HEADER, decode, encode
from scanner.model.work import PixelDigest, PixelsTask


class Foreign:
    """Pickles as a call of os.system."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("true",)


def receive() -> object:
    header = sys.stdin.buffer.read(HEADER.size)
    return decode(sys.stdin.buffer.read(HEADER.unpack(header)[0])) if len(header) == HEADER.size else None


def send(message: bytes) -> None:
    sys.stdout.buffer.write(message)
    sys.stdout.buffer.flush()


def perform(task: PixelsTask) -> None:
    act, _, argument = task.path.partition(" ")
    answer = encode(PixelDigest(task.key, str(os.getpid())))
    match act:
        case "fine":
            send(answer)
        case "linger":
            time.sleep(0.2)
            send(answer)
        case "clock":
            began = time.time()
            time.sleep(0.1)
            send(encode(PixelDigest(task.key, f"{began} {time.time()}")))
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(300)
        case "quit":
            sys.exit(3)
        case "once":
            if not os.path.exists(argument):
                Path(argument).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            send(answer)
        case "noise":
            send(struct.pack(">Q", 12) + b"\x80\x05no pickle.")
        case "foreign":
            body = pickle.dumps(Foreign())
            send(HEADER.pack(len(body)) + body)
        case "other":
            send(encode(PixelDigest(task.key + 1, "")))
        case "words":
            send(encode("just words"))
        case "huge":
            send(HEADER.pack(1 << 60))


def main() -> None:
    receive()
    while (task := receive()) is not None:
        assert isinstance(task, PixelsTask)
        perform(task)


if __name__ == "__main__":
    main()
