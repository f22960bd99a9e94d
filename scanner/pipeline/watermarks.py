"""Watermarks of one file: decode its picture whole and look."""

from __future__ import annotations

from scanner.fingerprint.failures import PictureBroken, PictureRefused
from scanner.fingerprint.picture import open_picture
from scanner.model.formats import Format
from scanner.model.readings import NotTried, Outcome
from scanner.read.watermark import WatermarkReader


def read_watermarks(reader: WatermarkReader, path: str, file_format: Format) -> Outcome:
    """Look for watermarks in the file at `path`. What cannot be decoded is told by the fingerprint, and is not tried here."""
    if not file_format.picture:
        return NotTried(f"no watermark is looked for in {file_format.title}")
    try:
        # Never scaled while decoding: a watermark lives in the pixels as they are stored.
        return reader.read_pixels(open_picture(path, file_format.name, small=False).image)
    except (PictureRefused, PictureBroken) as error:
        return NotTried(error.why, transient=error.transient)
