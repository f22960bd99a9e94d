"""MPEG streams without a container's magic number: audio frames, AAC, transport and program streams."""

from __future__ import annotations

from scanner.tools.containers.source import Source

_BIT_RATES = {
    # ISO/IEC 11172-3 table 2.4.2.3 and 13818-3: kbit/s by (version 1?, layer), index 1 to 14.
    (True, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_PACKET_STEPS = (188, 192, 204)
"""Bare packets, packets with the time stamp of M2TS before them, packets with error correction behind them."""
_PACKETS_WANTED = 5


def id3_end(source: Source) -> int:
    """Return the offset behind an ID3v2 tag at the start of the file, 0 where there is none."""
    head = source.head[:10]
    if len(head) < 10 or head[:3] != b"ID3" or not 2 <= head[3] <= 4 or any(byte & 0x80 for byte in head[6:10]):
        return 0
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    return 10 + size + (10 if head[5] & 0x10 else 0)


def recognise_audio(source: Source) -> str | None:
    """Name an audio stream: tagged with ID3, or by frames in a row that agree."""
    start = id3_end(source)
    if start:
        return "flac" if source.at(start, 4) == b"fLaC" else "aac" if _is_adts(source, start) else "mp3"
    if _is_adts(source, 0):
        return "aac"
    return "mp3" if _frames_agree(source, 0, 2) or _starts_padded(source) else None


def _frames_agree(source: Source, offset: int, wanted: int) -> bool:
    first = source.at(offset, 4)
    for _ in range(wanted):
        head = source.at(offset, 4)
        length = _frame_bytes(head)
        # Version, layer and sample rate hold for a whole stream.
        if not length or head[:2] != first[:2] or (head[2] ^ first[2]) & 0x0C:
            return False
        offset += length
    return True


def _starts_padded(source: Source) -> bool:
    """Some writers put zeros first. Anything else before a frame is no sign: pixels of icons look like frames."""
    offset = len(source.head) - len(source.head.lstrip(b"\0"))
    return offset > 0 and _frames_agree(source, offset, 3)


def _frame_bytes(head: bytes) -> int:
    """Return the length of the audio frame with this header, 0 where it is none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    rate, frequency, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer == 4 or rate in (0, 15) or frequency == 3:
        return 0
    bits = _BIT_RATES[version == 3, layer][rate - 1] * 1000
    hertz = _SAMPLE_RATES[version][frequency]
    if layer == 1:
        return (12 * bits // hertz + padding) * 4
    samples = 576 if layer == 3 and version != 3 else 1152
    return samples // 8 * bits // hertz + padding


def _is_adts(source: Source, offset: int) -> bool:
    length = _adts_bytes(source.at(offset, 7))
    return length > 0 and _adts_bytes(source.at(offset + length, 7)) > 0


def _adts_bytes(head: bytes) -> int:
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0 or head[2] >> 2 & 15 > 12:
        return 0
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return length if length >= 7 else 0


def recognise_stream(source: Source) -> str | None:
    """Name a program stream by its pack header, a transport stream by packets in step."""
    if source.head.startswith(b"\0\0\x01\xba") and len(source.head) > 4:
        # Two leading bits 01 are MPEG-2, four bits 0010 are MPEG-1 (ISO/IEC 13818-1, 11172-1).
        return "mpeg-ps" if source.head[4] >> 6 == 1 or source.head[4] >> 4 == 2 else None
    return "mpeg-ts" if any(_in_step(source.head, step) for step in _PACKET_STEPS) else None


def _in_step(head: bytes, step: int) -> bool:
    """Captures start anywhere in a packet; then more packets have to agree."""
    if any(head[at : at + step * _PACKETS_WANTED : step] == b"\x47" * _PACKETS_WANTED for at in (0, 4)):
        return True
    late = 2 * _PACKETS_WANTED
    return any(head[at : at + step * late : step] == b"\x47" * late for at in range(1, step))
