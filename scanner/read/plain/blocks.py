"""Colour profiles and Photoshop's resources: blocks whose fields ExifTool names from tables of its own."""

from __future__ import annotations

from scanner.read.plain.collected import Collected, OddError
from scanner.read.plain.iptc import read_iptc

_ICC_TAGS = frozenset(
    b"cprt desc wtpt bkpt rXYZ gXYZ bXYZ rTRC gTRC bTRC kTRC dmnd dmdd vued view lumi meas tech chad chrm A2B0 A2B1 A2B2 B2A0"
    b" B2A1 B2A2 gamt vcgt mmod ndin dscm aarg aagg aabg aapy targ cicp".split()
)
"""Tags of ICC.1:2022 and Apple's, without ``meta``: its names and values are the file's."""
_ICC_HEAD_BYTES, _ICC_TAGS_LIMIT = 128, 100

# fmt: off
_RESOURCES = frozenset((
    0x03ED, 0x03F3, 0x03F5, 0x03F8, 0x0400, 0x0402, 0x0406, 0x0408, 0x040A, 0x040B, 0x040C, 0x040D, 0x0411, 0x0414, 0x0416,
    0x0417, 0x0419, 0x041A, 0x041E, 0x0421, 0x0425, 0x0426, 0x0428, 0x2710,
))
# fmt: on
"""Image resources of Photoshop's file format that hold no metadata block and no text for people."""
_RESOURCE_IPTC = 0x0404


def read_icc(profile: bytes, into: Collected) -> None:
    """Pass over a colour profile.

    Raises:
        OddError: it is not whole, or has tags beside the known ones.
    """
    count = int.from_bytes(profile[128:132], "big")
    end = _ICC_HEAD_BYTES + 4 + 12 * count
    if (
        int.from_bytes(profile[:4], "big") != len(profile)
        or profile[36:40] != b"acsp"
        or count > _ICC_TAGS_LIMIT
        or end > len(profile)
    ):
        raise OddError("ICC")
    for at in range(_ICC_HEAD_BYTES + 4, end, 12):
        start, size = (int.from_bytes(profile[at + part : at + part + 4], "big") for part in (4, 8))
        if profile[at : at + 4] not in _ICC_TAGS or start < end or size < 8 or start + size > len(profile):
            raise OddError("ICC tag")
    into.pass_group("icc_profile", "icc-header", "icc-view", "icc-meas", "icc-chrm", "icc-clrt")


def read_photoshop(block: bytes, into: Collected) -> None:
    """Read the IPTC among Photoshop's resources and pass over those of numbers.

    Raises:
        OddError: another is among them, or the chain breaks.
    """
    into.pass_group("photoshop")
    at = 0
    while at < len(block):
        identity = int.from_bytes(block[at + 4 : at + 6], "big")
        name_bytes = block[at + 6] if at + 6 < len(block) else 0
        start = at + 6 + (name_bytes + 2) // 2 * 2 + 4
        size = int.from_bytes(block[start - 4 : start], "big")
        if block[at : at + 4] != b"8BIM" or start > len(block) or start + size > len(block) or name_bytes:
            raise OddError("8BIM")
        if identity == _RESOURCE_IPTC:
            read_iptc(block[start : start + size], into)
        elif identity not in _RESOURCES:
            raise OddError("resource")
        at = start + size + size % 2
