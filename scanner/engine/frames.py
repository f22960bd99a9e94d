"""Messages between the scan and its workers: length-prefixed pickles of the model's own values, and of nothing else.

A worker handles hostile files; should one take it over, its messages still cannot make the scan build any other object.
"""

from __future__ import annotations

import io
import pickle
import struct

from scanner.tools.plain_pickle import read_plain

HEADER = struct.Struct(">Q")
MESSAGE_LIMIT_BYTES = 256 << 20

_OWN_MODULES = ("scanner.pipeline.settings", "scanner.read.trust")
"""What the driver sends beside the model's values."""


def encode(message: object) -> bytes:
    """Return `message` with its length in front."""
    # Written behind the room for its length: joining the two would copy what may be hundreds of megabytes.
    stream = io.BytesIO(bytes(HEADER.size))
    stream.seek(HEADER.size)
    pickle.dump(message, stream, protocol=5)
    size = stream.tell() - HEADER.size
    stream.seek(0)
    stream.write(HEADER.pack(size))
    return stream.getvalue()


def decode(body: bytes) -> object:
    """Return the message in `body`.

    Raises:
        pickle.UnpicklingError: it is anything but the model's values.
    """
    return read_plain(body, _OWN_MODULES)
