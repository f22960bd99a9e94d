"""Movies and sounds made large by junk among their media: what reads it sees an AI mark that is none of the file's."""

from __future__ import annotations

import io
import random
import struct

from scanner.tools.containers.bmff import boxes
from scanner.tools.containers.riff import chunks
from scanner.tools.containers.source import Source

_PACKET = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    b'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" Iptc4xmpExt:DigitalSourceType='
    b'"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)
JUNK = (random.Random(1).randbytes(1 << 16) + _PACKET + bytes(8)) * 6
"""An even number of bytes."""
assert len(JUNK) % 2 == 0
_PARTITION = bytes.fromhex("060e2b34020501010d0102")


def enlarged(content: bytes) -> bytes:
    """Put junk at the end of the media of a movie, WAVE, AVI or MXF; its lengths still hold."""
    source = Source(io.BytesIO(content), len(content))
    if content.startswith(_PARTITION):
        return _mxf(content)
    return _riff(source, content) if content[:4] == b"RIFF" else _movie(source, content)


def _mxf(content: bytes) -> bytes:
    """One more element of essence before the footer, which the header points at."""
    at = 17 + (content[16] & 0x7F if content[16] & 0x80 else 0) + 24
    footer = int.from_bytes(content[at : at + 8], "big")
    assert content[footer : footer + 11] == _PARTITION
    element = bytes.fromhex("060e2b34010201010d01030115010500") + b"\x88" + len(JUNK).to_bytes(8, "big") + JUNK
    moved = (footer + len(element)).to_bytes(8, "big")
    return content[:at] + moved + content[at + 8 : footer] + element + content[footer:]


def _movie(source: Source, content: bytes) -> bytes:
    media = [box for box in boxes(source) if box.kind == b"mdat"][-1]
    assert media.header_bytes == 8
    size = struct.pack(">I", media.size + len(JUNK))
    return content[: media.offset] + size + content[media.offset + 4 : media.end] + JUNK + content[media.end :]


def _riff(source: Source, content: bytes) -> bytes:
    (media,) = (
        one for one in chunks(source) if one.kind == b"data" or (one.kind == b"LIST" and source.at(one.start, 4) == b"movi")
    )
    end = media.start + media.size
    sizes = struct.pack("<I", struct.unpack_from("<I", content, 4)[0] + len(JUNK)), struct.pack("<I", media.size + len(JUNK))
    return content[:4] + sizes[0] + content[8 : media.start - 4] + sizes[1] + content[media.start : end] + JUNK + content[end:]
