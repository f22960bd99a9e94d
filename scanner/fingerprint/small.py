"""The one small picture that all is made from: hashes, flatness, bars, local features, thumbnails.

At most `SMALL_PX` on its longer side, upright, eight bits; in grey, and in sRGB colour where that is wanted. Smaller pictures
are not enlarged. What is transparent lies over mid-grey.
"""

from __future__ import annotations

from dataclasses import replace

from PIL import Image

from scanner.fingerprint.failures import told_apart
from scanner.fingerprint.picture import SMALL_PX, Picture, open_picture
from scanner.fingerprint.profiles import conversion_of, converted, family_of
from scanner.fingerprint.tones import MATTE, to_grey


def small_picture(path: str, format_name: str, *, colour: bool = False, longest_px: int = SMALL_PX) -> Picture:
    """Decode the file at `path` once and make the small picture of it; `longest_px` where people look at it, and nothing else.

    Raises:
        PictureRefused: too large, not decoded, cannot be opened.
        PictureBroken: truncated or corrupt.
    """
    opened = open_picture(path, format_name, small=True, colour=colour, longest_px=longest_px)
    return made_small(opened, colour=colour, longest_px=longest_px)


def made_small(picture: Picture, *, colour: bool = False, longest_px: int = SMALL_PX) -> Picture:
    """Make the small picture of one that was decoded: its `image` in grey, and its `colour` where that is wanted.

    Raises:
        PictureRefused: a mode that cannot be worked with, or out of memory.
        PictureBroken: the decoder's picture cannot be worked with.
    """
    with told_apart():
        image, transform = picture.image, conversion_of(picture.profile, picture.image.mode)
        coloured = None
        if colour or transform is not None:
            coloured = _matted(_reduced(_plain(image), longest_px))
            if transform is not None:
                coloured = converted(coloured.convert(family_of(image.mode)), transform)
            coloured = coloured.convert("RGB")
        # Grey comes from the picture itself where it can: the same bits whether colour was wanted or not.
        grey = _reduced(to_grey(image), longest_px) if coloured is None or transform is None else coloured.convert("L")
        return replace(picture, image=grey, profile=b"", colour=coloured if colour else None)


def _plain(image: Image.Image) -> Image.Image:
    """Bring modes that cannot be averaged to such as can: palettes and keys written out, 16 bits and floats to eight."""
    if image.mode in ("I", "F", "LAB") or image.mode.startswith("I;16"):
        return to_grey(image)
    if image.mode in ("RGBa", "La", "PA"):
        return image.convert("LA" if image.mode == "La" else "RGBA")
    if image.mode in ("1", "L", "P", "RGB") and image.has_transparency_data:
        return image.convert("LA" if image.mode in ("1", "L") else "RGBA")
    return image.convert({"1": "L", "P": "RGB"}.get(image.mode, image.mode))


def _reduced(image: Image.Image, longest_px: int) -> Image.Image:
    longest = max(image.size)
    if longest <= longest_px:
        return image
    size = (max(1, round(image.width * longest_px / longest)), max(1, round(image.height * longest_px / longest)))
    # The mean over an area: grain has to average out.
    return image.resize(size, Image.Resampling.BOX)


def _matted(image: Image.Image) -> Image.Image:
    if image.mode not in ("LA", "RGBA"):
        return image
    opaque = image.mode[:-1]
    ground = Image.new(opaque, image.size, MATTE if opaque == "L" else (MATTE, MATTE, MATTE))
    ground.paste(image.convert(opaque), mask=image.getchannel("A"))
    return ground
