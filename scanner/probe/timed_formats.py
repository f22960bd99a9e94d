"""The video and audio rows of the format table; `mime` as in `still_formats`."""

from __future__ import annotations

from scanner.model.formats import Format, MediaKind


def _video(name: str, title: str, extensions: tuple[str, ...]) -> Format:
    return Format(name, title, MediaKind.VIDEO, None, extensions, limits=f"C2PA credentials cannot be checked in {title}")


def _audio(name: str, title: str, extensions: tuple[str, ...]) -> Format:
    return Format(name, title, MediaKind.AUDIO, None, extensions, limits=f"C2PA credentials cannot be checked in {title}")


def _unread(name: str, title: str, extensions: tuple[str, ...]) -> Format:
    limits = f"Neither metadata nor C2PA credentials can be read in {title}"
    return Format(name, title, MediaKind.AUDIO, None, extensions, metadata=False, limits=limits)


TIMED: tuple[Format, ...] = (
    Format("mp4", "MPEG-4 movie", MediaKind.VIDEO, "video/mp4", ("mp4", "mp4v", "f4v", "lrv", "insv")),
    Format("mov", "QuickTime movie", MediaKind.VIDEO, "video/quicktime", ("mov", "qt", "braw")),
    Format("m4v", "iTunes movie", MediaKind.VIDEO, "video/x-m4v", ("m4v",)),
    Format("3gp", "3GPP movie", MediaKind.VIDEO, "video/mp4", ("3gp", "3gpp", "3g2", "3gp2")),
    Format("avi", "AVI", MediaKind.VIDEO, "video/x-msvideo", ("avi", "divx")),
    _video("mkv", "Matroska", ("mkv", "mka", "mks", "mk3d")),
    _video("webm", "WebM", ("webm", "weba")),
    _video("mxf", "MXF", ("mxf",)),
    _video("mpeg-ts", "MPEG transport stream", ("ts", "m2ts", "mts", "m2t")),
    _video("mpeg-ps", "MPEG program stream", ("mpg", "mpeg", "vob", "m2p")),
    _video("mpeg-video", "MPEG video stream", ("m2v", "m1v", "mpv")),
    _video("dv", "raw DV", ("dv",)),
    _video("flv", "Flash video", ("flv",)),
    _video("asf", "Windows Media", ("wmv", "wma", "asf")),
    _video("ogv", "Ogg video", ("ogv", "ogx")),
    _video("r3d", "REDCODE raw", ("r3d",)),
    Format("wav", "WAVE", MediaKind.AUDIO, "audio/wav", ("wav", "wave")),
    Format("bwf", "Broadcast Wave", MediaKind.AUDIO, "audio/wav", ("wav", "bwf", "wave")),
    _audio("rf64", "RF64 wave", ("wav", "rf64", "bw64", "bwf", "wave")),
    Format("mp3", "MPEG audio", MediaKind.AUDIO, "audio/mpeg", ("mp3", "mp2", "mpga", "mpa")),
    Format("m4a", "MPEG-4 audio", MediaKind.AUDIO, "audio/mp4", ("m4a", "m4b", "m4p", "m4r")),
    Format("flac", "FLAC", MediaKind.AUDIO, "audio/flac", ("flac",)),
    _unread("aac", "AAC stream", ("aac", "adts")),
    _audio("ogg", "Ogg audio", ("ogg", "oga", "spx")),
    _audio("opus", "Ogg Opus", ("opus",)),
    _audio("aiff", "AIFF", ("aif", "aiff", "aifc")),
    _unread("caf", "Core Audio", ("caf",)),
)
"""Every video and audio format."""
