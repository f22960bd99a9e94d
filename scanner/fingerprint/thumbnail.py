"""A small picture for the report, decoded and encoded again: nothing of the file's metadata comes along."""

from __future__ import annotations

import io
from contextlib import suppress

from PIL import Image, ImageCms

from scanner.fingerprint.failures import told_apart
from scanner.fingerprint.picture import decode
from scanner.fingerprint.tones import MATTE, to_grey

_QUALITY = 80
_PROFILE_LIMIT_BYTES = 4 << 20


def thumbnail(path: str, format_name: str, longest: int = 320) -> tuple[bytes, int, int]:
    """Return (JPEG bytes, width, height in pixels), upright, in sRGB as far as its profile can be applied.

    Raises:
        PictureRefused: too large, not decoded, cannot be opened.
        PictureBroken: truncated or corrupt.
    """
    image = small_picture(path, format_name, longest)
    with told_apart():
        stream = io.BytesIO()
        image.save(stream, "JPEG", quality=_QUALITY, optimize=True)
        return stream.getvalue(), image.width, image.height


def small_picture(path: str, format_name: str, longest: int) -> Image.Image:
    """Return the picture in grey or RGB, upright, in sRGB, its longer side at most `longest` pixels, and nothing beside it.

    Raises:
        PictureRefused: too large, not decoded, cannot be opened.
        PictureBroken: truncated or corrupt.
    """
    picture = decode(path, format_name, draft_mode="RGB", draft_px=longest)
    with told_apart():
        profile = picture.image.info.get("icc_profile")
        image = _shown_colours(_reduced(picture.image, longest), profile)
        return Image.frombytes(image.mode, image.size, image.tobytes())


def _reduced(image: Image.Image, longest: int) -> Image.Image:
    if image.mode in ("P", "PA", "1"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.mode in ("I", "F", "LAB") or image.mode.startswith("I;16"):
        image = to_grey(image)
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return image


def _shown_colours(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Lay transparency over grey and bring the colours to sRGB; grey stays grey."""
    if image.has_transparency_data:
        image = _matted(image)
    if profile and len(profile) <= _PROFILE_LIMIT_BYTES and image.mode in ("RGB", "CMYK"):
        # A profile that does not fit its picture costs exact colours in a thumbnail, no more.
        with suppress(Exception):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            image = converted or image
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def _matted(image: Image.Image) -> Image.Image:
    layered = image.convert("RGBA")
    backdrop = Image.new("RGBA", layered.size, (MATTE, MATTE, MATTE, 255))
    return Image.alpha_composite(backdrop, layered).convert("RGB")
