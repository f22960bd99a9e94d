"""What a clip of OpenTimelineIO's says of its media, among what adapters keep beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scanner.model.cut import Source
from scanner.timeline.media_url import media_path

_NO_MEDIA = frozenset({"GeneratorReference"})


def source_of(clip: Any) -> Source | None:  # noqa: ANN401 - untyped library
    """The names of a clip's media, without its range; None where it has none by its nature."""
    active = clip.media_reference
    if active is not None and active.schema_name() in _NO_MEDIA:
        return None
    references = [active, *(one for one in clip.media_references().values() if one is not active)]
    known = [one for one in references if one is not None]
    return Source(
        name=clip.name or (active.name if active is not None else ""),
        file=next(filter(None, map(_file, known)), ""),
        tape=_tape(clip, known),
        uuids=tuple(dict.fromkeys(filter(None, (_mob(one) for one in (*known, clip))))),
    )


def _file(reference: Any) -> str:  # noqa: ANN401 - untyped library
    schema = reference.schema_name()
    if schema == "ExternalReference":
        return media_path(reference.target_url or "")
    if schema == "ImageSequenceReference":
        base = media_path(reference.target_url_base or "").rstrip("/")
        padding = reference.frame_zero_padding
        name = f"{reference.name_prefix}%0{padding}d{reference.name_suffix}"
        return f"{base}/{name}" if base else name
    return ""


def _tape(clip: Any, references: list[Any]) -> str:  # noqa: ANN401 - untyped library
    for one in references:
        aaf = _kept(one, "AAF")
        if _child(aaf, "EssenceDescription").get("ClassName") == "TapeDescriptor":
            return str(aaf.get("Name", ""))
        if reel := _child(_child(_kept(one, "fcp_xml"), "timecode"), "reel").get("name"):
            return str(reel)
    return str(_kept(clip, "cmx_3600").get("reel", "") or _kept(clip, "ALE").get("Tape", ""))


def _mob(one: Any) -> str:  # noqa: ANN401 - untyped library
    return str(_kept(one, "AAF").get("MobID", "")).lower().removeprefix("urn:smpte:umid:")


def _kept(one: Any, name: str) -> Mapping[str, Any]:  # noqa: ANN401 - untyped library
    return _child(one.metadata, name)


def _child(kept: Any, name: str) -> Mapping[str, Any]:  # noqa: ANN401 - untyped library
    found = kept.get(name) if hasattr(kept, "get") else None
    return found if found is not None and hasattr(found, "get") else {}
