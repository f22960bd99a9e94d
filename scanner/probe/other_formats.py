"""The rows for documents, and for what stands in a delivery beside media: counted, not judged."""

from __future__ import annotations

from scanner.model.formats import Format, MediaKind


def _beside(name: str, title: str, *extensions: str, metadata: bool = True) -> Format:
    return Format(name, title, MediaKind.NOT_MEDIA, None, extensions, metadata=metadata)


DOCUMENTS: tuple[Format, ...] = (
    Format(
        "pdf",
        "PDF",
        MediaKind.DOCUMENT,
        "application/pdf",
        ("pdf", "ai"),
        limits="Pictures placed in a PDF are not compared",
    ),
    Format(
        "postscript",
        "PostScript",
        MediaKind.DOCUMENT,
        None,
        ("eps", "ps", "ai", "epsf", "epsi"),
        limits="C2PA credentials cannot be checked in PostScript, and its pictures cannot be compared",
    ),
)
"""Formats that may hold pictures among pages."""

TEXTS: tuple[Format, ...] = (
    # `ts` and `mts` are also what TypeScript and Qt translations are called.
    _beside("text", "plain text", "txt", "log", "md", "ale", "mhl", "ts", "mts", "sha256", "md5", "sfv", "ini", "cfg"),
    _beside("srt", "SubRip subtitles", "srt"),
    _beside("vtt", "WebVTT subtitles", "vtt"),
    _beside("ttml", "TTML subtitles", "ttml", "dfxp", "itt", "imsc", "xml"),
    _beside("scc", "Scenarist captions", "scc"),
    _beside("ass", "SubStation subtitles", "ass", "ssa"),
    _beside("xml", "XML", "xml", "fcpxml", "mhl", "xsd", "xsl", "cdl", "ccc", "kml", "gpx", "plist", "nfo"),
    _beside("json", "JSON", "json", "otio", "ndjson", "jsonl", "geojson"),
    _beside("edl", "edit decision list", "edl"),
    _beside("html", "HTML", "html", "htm", "xhtml"),
    _beside("csv", "table as text", "csv", "tsv", "tab", "ale"),
    _beside("cube", "look-up table", "cube", "lut", "3dl", "look"),
    _beside("xmp", "XMP sidecar", "xmp"),
)
"""Formats that are text: told apart as far as it is cheap, and never held against one another's extension."""

BINARIES: tuple[Format, ...] = (
    _beside("stl", "EBU STL subtitles", "stl", metadata=False),
    _beside("c2pa", "C2PA manifest sidecar", "c2pa"),
    _beside("aaf", "AAF project", "aaf", metadata=False),
    _beside(
        "zip",
        "ZIP archive or Office document",
        *("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp", "epub", "jar", "drp", "kmz", "dotx"),
        *("cbz", "idml", "fcpxmld", "prproj", "aep", "otioz", "whl", "xpi", "apk", "usdz"),
    ),
    _beside("gzip", "gzip", "gz", "tgz", "prproj"),
    _beside("tar", "tar archive", "tar"),
    _beside("7z", "7-Zip archive", "7z"),
    _beside("rar", "RAR archive", "rar", "cbr"),
    _beside("sqlite", "SQLite database", "sqlite", "sqlite3", "db", "lrcat", metadata=False),
    _beside("ole", "OLE compound document", "doc", "xls", "ppt", "msi"),
    _beside("ttf", "TrueType font", "ttf"),
    _beside("otf", "OpenType font", "otf"),
    _beside("type1", "PostScript font", "pfa", "pfb"),
    _beside("ttc", "font collection", "ttc", "otc"),
    _beside("woff", "WOFF font", "woff"),
    _beside("woff2", "WOFF2 font", "woff2"),
    _beside("mac-alias", "macOS alias"),
    _beside("executable", "program", "exe", "dll", "dylib", "class"),
    _beside("apple-double", "AppleDouble"),
    _beside("ds-store", "macOS folder settings", "ds_store", metadata=False),
    _beside("thumbs-db", "Windows thumbnail database", "db"),
)
"""Everything else that is no media."""
