"""The picture of one file, decoded once for all that is made of it."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.fingerprint.embedded import find_other_thumbnail
from scanner.fingerprint.failures import PictureBroken, PictureRefused
from scanner.fingerprint.picture import open_picture
from scanner.fingerprint.prints import prints_of
from scanner.fingerprint.small import made_small
from scanner.model.formats import Format
from scanner.model.matching import Fingerprint, GlobalHash
from scanner.model.readings import Failed, NotTried, Outcome
from scanner.read.residue import STEALTH_FORMATS, ResidueReader


@dataclass(frozen=True, slots=True)
class DecodedPicture:
    """What decoding a picture gave; empty where it was not decoded."""

    fingerprint: Fingerprint | None = None
    prints: tuple[GlobalHash, ...] = ()
    other_thumbnail: str = ""
    note: str = ""
    """Why it was not decoded whole."""
    broken: str = ""
    """As `note`, where the file is to blame."""
    hidden: Outcome | None = None
    """What its pixels hide, where they were looked at."""
    failed_transiently: bool = False

    @property
    def transient(self) -> bool:
        """Whether another try may give more."""
        return self.failed_transiently or (isinstance(self.hidden, Failed | NotTried) and self.hidden.transient)


def decode_picture(path: str, file_format: Format, residue: ResidueReader) -> DecodedPicture:
    """Decode the picture once, for its hashes, for the text that its pixels may hide, and against its EXIF thumbnail."""
    if not file_format.picture:
        return DecodedPicture()
    hidden = None
    try:
        opened = open_picture(path, file_format.name, small=True)
        hidden = residue.read_pixels(opened.image) if file_format.name in STEALTH_FORMATS else None
        small = made_small(opened)
        return DecodedPicture(*prints_of(small), other_thumbnail=find_other_thumbnail(small), hidden=hidden)
    except PictureRefused as refused:
        return DecodedPicture(note=refused.why, hidden=hidden, failed_transiently=refused.transient)
    except PictureBroken as broken:
        return DecodedPicture(note=broken.why, broken=broken.why, hidden=hidden, failed_transiently=broken.transient)
