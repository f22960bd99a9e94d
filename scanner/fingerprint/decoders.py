"""Which decoder opens which format. The probe's word decides, never the decoder's own guess.

`PIL.Image.open` tries every plugin it knows: a file that calls itself JPEG could start Ghostscript. Here the one plugin of
the format is called by name, so that its own reason for giving up is kept, and Pillow's process-wide pixel limit (which
is lower than what a draft of a JPEG can take) stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    IcoImagePlugin,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    PsdImagePlugin,
    TgaImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
from PIL.ImageFile import ImageFile

from scanner.fingerprint.failures import PictureRefused

Decoder = Callable[[BinaryIO], ImageFile]

_NO_HEIF = "HEIC needs the extra `heif`: pip install media-provenance-scanner[heif]"


def _heif(stream: BinaryIO) -> ImageFile:
    # Imported when first needed: it is an extra (its wheels carry GPL encoders) and costs 60 ms to load.
    try:
        from pillow_heif import HeifImageFile
    except ImportError as error:
        raise PictureRefused(_NO_HEIF) from error
    image: ImageFile = HeifImageFile(stream)  # type: ignore[no-untyped-call]
    return image


_DECODERS: dict[str, Decoder] = {
    "jpeg": JpegImagePlugin.jpeg_factory,
    "png": PngImagePlugin.PngImageFile,
    "apng": PngImagePlugin.PngImageFile,
    "webp": WebPImagePlugin.WebPImageFile,
    "avif": AvifImagePlugin.AvifImageFile,
    "heic": _heif,
    "heif": _heif,
    "gif": GifImagePlugin.GifImageFile,
    "tiff": TiffImagePlugin.TiffImageFile,
    "bigtiff": TiffImagePlugin.TiffImageFile,
    "psd": PsdImagePlugin.PsdImageFile,
    "bmp": BmpImagePlugin.BmpImageFile,
    "ico": IcoImagePlugin.IcoImageFile,
    "tga": TgaImagePlugin.TgaImageFile,
    "jp2": Jpeg2KImagePlugin.Jpeg2KImageFile,
    "j2k": Jpeg2KImagePlugin.Jpeg2KImageFile,
}

FILM_FORMATS = frozenset({"exr", "dpx", "cineon"})
"""Formats that OpenImageIO reads, in linear light or in log."""

READ_WHOLE = frozenset({"webp", "avif", "heic", "heif"})
"""Formats whose decoder takes the whole file into memory before it looks at it."""


def decodable_formats() -> frozenset[str]:
    """Names of all formats that a picture can be made of, as the probe gives them; HEIC and film frames need their extras."""
    return frozenset(_DECODERS) | FILM_FORMATS


def decoder_for(format_name: str) -> Decoder:
    """Return the decoder of a format.

    Raises:
        PictureRefused: pictures of this format are not decoded.
    """
    decoder = _DECODERS.get(format_name)
    if decoder is None:
        raise PictureRefused(f"pictures of the format {format_name} are not decoded")
    return decoder
