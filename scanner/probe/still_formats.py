"""The still-picture rows of the format table.

`mime` is set where c2pa-python 0.38 reads the format, `picture` where Pillow 11.3 decodes it (HEIF with the `heif` extra), or
OpenImageIO (film frames).
"""

from __future__ import annotations

from scanner.model.formats import Format, MediaKind

_STILL = MediaKind.STILL
_UNDECODED = "its picture cannot be compared"


def _no_credentials(title: str) -> str:
    return f"C2PA credentials cannot be checked in {title}"


def _raw(name: str, title: str, extensions: tuple[str, ...], mime: str | None = None) -> Format:
    lost = f"The raw picture of {title} is not decoded: {_UNDECODED}"
    limits = lost if mime else f"{_no_credentials(title)}, and {_UNDECODED}"
    return Format(name, title, _STILL, mime, extensions, limits=limits)


STILLS: tuple[Format, ...] = (
    Format("jpeg", "JPEG", _STILL, "image/jpeg", ("jpg", "jpeg", "jpe", "jfif", "jif", "mpo", "thm", "insp"), picture=True),
    Format("png", "PNG", _STILL, "image/png", ("png",), picture=True),
    Format("apng", "Animated PNG", _STILL, "image/png", ("apng", "png"), picture=True),
    Format("webp", "WebP", _STILL, "image/webp", ("webp",), picture=True),
    Format("avif", "AVIF", _STILL, "image/avif", ("avif", "avifs"), picture=True),
    Format("heic", "HEIC", _STILL, "image/heic", ("heic", "heics", "hif"), picture=True),
    Format("heif", "HEIF", _STILL, "image/heif", ("heif", "heifs", "hif"), picture=True),
    Format(
        "jxl", "JPEG XL", _STILL, "image/jxl", ("jxl",), limits="The picture of JPEG XL is not decoded: it cannot be compared"
    ),
    Format(
        "jxl-codestream",
        "JPEG XL codestream",
        _STILL,
        "image/jxl",
        ("jxl",),
        limits="A bare JPEG XL codestream has no room for C2PA credentials or metadata, and its picture cannot be compared",
    ),
    Format("gif", "GIF", _STILL, "image/gif", ("gif",), picture=True),
    Format("tiff", "TIFF", _STILL, "image/tiff", ("tif", "tiff"), picture=True),
    Format("bigtiff", "BigTIFF", _STILL, "image/tiff", ("tif", "tiff", "btf", "tf8"), picture=True),
    _raw("dng", "DNG", ("dng",), "image/x-adobe-dng"),
    _raw("cr2", "Canon CR2", ("cr2",)),
    _raw("cr3", "Canon CR3", ("cr3", "crm")),
    _raw("nef", "Nikon NEF", ("nef", "nrw"), "image/x-nikon-nef"),
    _raw("arw", "Sony ARW", ("arw", "sr2", "srf"), "image/x-sony-arw"),
    _raw("raf", "Fujifilm RAF", ("raf",)),
    _raw("orf", "Olympus ORF", ("orf", "ori")),
    _raw("rw2", "Panasonic RW2", ("rw2", "rwl")),
    _raw("pef", "Pentax PEF", ("pef",)),
    _raw("x3f", "Sigma X3F", ("x3f",)),
    _raw("srw", "Samsung SRW", ("srw",)),
    _raw("3fr", "Hasselblad 3FR", ("3fr", "fff")),
    _raw("iiq", "Phase One IIQ", ("iiq",)),
    Format("psd", "Photoshop PSD", _STILL, None, ("psd",), picture=True, limits=_no_credentials("PSD")),
    Format("psb", "Photoshop PSB", _STILL, None, ("psb",), limits=f"{_no_credentials('PSB')}, and {_UNDECODED}"),
    Format("exr", "OpenEXR", _STILL, None, ("exr", "sxr"), picture=True, limits=_no_credentials("OpenEXR")),
    Format("dpx", "DPX", _STILL, None, ("dpx",), picture=True, limits=_no_credentials("DPX")),
    Format(
        "cineon",
        "Cineon",
        _STILL,
        None,
        ("cin",),
        metadata=False,
        picture=True,
        limits="Neither metadata nor C2PA credentials can be read in Cineon",
    ),
    Format("svg", "SVG", _STILL, "image/svg+xml", ("svg",), limits="SVG is not drawn: its picture cannot be compared"),
    Format("svgz", "compressed SVG", _STILL, None, ("svgz",), limits=f"{_no_credentials('compressed SVG')}, and {_UNDECODED}"),
    Format("bmp", "BMP", _STILL, None, ("bmp", "dib"), picture=True, limits=_no_credentials("BMP")),
    Format("ico", "Windows icon", _STILL, None, ("ico",), picture=True, limits=_no_credentials("Windows icons")),
    Format(
        "tga",
        "Targa",
        _STILL,
        None,
        ("tga", "icb", "vda", "vst"),
        metadata=False,
        picture=True,
        limits="Neither metadata nor C2PA credentials can be read in Targa",
    ),
    Format("jp2", "JPEG 2000", _STILL, None, ("jp2", "jpx", "jpf", "jpm"), picture=True, limits=_no_credentials("JPEG 2000")),
    Format(
        "j2k",
        "JPEG 2000 codestream",
        _STILL,
        None,
        ("j2k", "j2c", "jpc", "jp2"),
        picture=True,
        limits=_no_credentials("a JPEG 2000 codestream"),
    ),
)
"""Every still format, most usual first."""
