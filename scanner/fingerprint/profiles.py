"""Colour profiles: from what a file's numbers mean to the sRGB that pictures are compared in.

Most profiles are sRGB by another name. Only one that moves a colour visibly is applied, so that JPEGs stay grey while they are
decoded; what it does to a few colours is found out once a profile.
"""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

from scanner.fingerprint.failures import PictureBroken

_LIMIT_BYTES = 4 << 20
"""Larger profiles are not looked at; CMYK ones have 0.5 to 2 MB."""
_KEPT = 16
_VISIBLE_LEVELS = 3
"""Difference in a grey level from which a profile is applied: profiles that mean sRGB differ by rounding."""
_STEPS = 6
_SPACES = {"RGB": ("RGB ", 3), "CMYK": ("CMYK", 4), "L": ("GRAY", 1)}
"""Mode of a picture → the colour space that its profile must be of, and its channels."""
_FAMILIES = dict.fromkeys(("RGBA", "RGBX", "RGBa", "P", "PA"), "RGB") | dict.fromkeys(("LA", "La", "1", "I", "F"), "L")


def profile_of(image: Image.Image) -> bytes:
    """Return the ICC profile that a decoder found; empty where there is none, or one too long."""
    profile = image.info.get("icc_profile")
    return profile if isinstance(profile, bytes) and len(profile) <= _LIMIT_BYTES else b""


def conversion_of(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Return what brings pictures of `mode` with this profile to RGB in sRGB.

    None where there is nothing to do: no profile, a broken one, one of another colour space, or one that means sRGB.
    """
    family = family_of(mode)
    return _conversion(profile, family) if profile and family in _SPACES else None


def family_of(mode: str) -> str:
    """Return the mode whose profiles fit pictures of `mode`: without transparency, palette or depth."""
    return "L" if mode.startswith("I;16") else _FAMILIES.get(mode, mode)


@lru_cache(maxsize=_KEPT)
def _conversion(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    # A profile that does not fit its picture costs exact colours, no more; Pillow raises what it likes there.
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space != _SPACES[mode][0]:
            return None
        transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, "RGB")
        return transform if mode == "CMYK" or _is_visible(transform, mode) else None
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def converted(image: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    """Return `image` in sRGB.

    Raises:
        PictureBroken: the profile does not work on this picture.
    """
    result = ImageCms.applyTransform(image, transform)
    if result is None:
        raise PictureBroken("its colour profile cannot be applied")
    return result


def _is_visible(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Whether the profile moves any of some colours by more than rounding."""
    before = _samples(mode)
    after = converted(before, transform)
    greys = [np.asarray(one.convert("L"), dtype=np.int16) for one in (before, after)]
    return int(np.abs(greys[0] - greys[1]).max()) > _VISIBLE_LEVELS


def _samples(mode: str) -> Image.Image:
    """A row of colours all over the space."""
    steps = np.linspace(0, 255, _STEPS).round().astype(np.uint8)
    grid = np.stack(np.meshgrid(*[steps] * _SPACES[mode][1], indexing="ij"), axis=-1).reshape(1, -1, _SPACES[mode][1])
    return Image.fromarray(grid[..., 0] if mode == "L" else grid)
