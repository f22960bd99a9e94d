"""Film frames, made with OpenImageIO from a scene."""

from __future__ import annotations

import numpy as np
import OpenImageIO as oiio  # noqa: N813

from tests.fingerprint.scenes import colour_scene


def display(seed, width=320, height=240):
    """Display values 0 to 1 of a scene in colour."""
    return np.asarray(colour_scene(seed, width, height)).astype(np.float32) / 255


def linear(values):
    """sRGB to linear light."""
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4).astype(np.float32)


def cineon(light):
    """Linear light to Cineon log, 0 to 1 of the code range."""
    offset = 10 ** ((95 - 685) * 0.002 / 0.6)
    return ((np.log10(np.maximum(light * (1 - offset) + offset, 1e-6)) * 0.6 / 0.002 + 685) / 1023).clip(0, 1)


def write(path, values, kind="half", names=(), origin=(0, 0), window=(), tile=(), **attributes):
    """Write `values` (rows, columns, channels); `window` is left, top, width, height of what is shown."""
    spec = oiio.ImageSpec(values.shape[1], values.shape[0], values.shape[2], kind)
    if names:
        spec.channelnames = names
    spec.x, spec.y = origin
    if window:
        spec.full_x, spec.full_y, spec.full_width, spec.full_height = window
    if tile:
        spec.tile_width, spec.tile_height = tile
    for name, value in attributes.items():
        # A type that Python has none of comes as that type and its parts.
        spec.attribute(name.replace("__", ":"), *(value if isinstance(value, tuple) else (value,)))
    out = oiio.ImageOutput.create(str(path))
    assert out.open(str(path), spec), out.geterror()
    assert out.write_image(np.ascontiguousarray(values)), out.geterror()
    out.close()
    return str(path)
