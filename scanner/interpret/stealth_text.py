"""Text hidden in pixels: settings in whatever form the program that hid them writes."""

from __future__ import annotations

from dataclasses import replace

from scanner.interpret.comfy_graph import match_comfy_graph
from scanner.interpret.document import Document, Hit, scalar
from scanner.interpret.generation_json import (
    match_fooocus,
    match_generation_settings,
    match_invoke_metadata,
    match_novelai_comment,
    match_swarm,
)
from scanner.interpret.generation_text import match_generation_text

_FORMS = (
    match_generation_text,
    match_novelai_comment,
    match_generation_settings,
    match_fooocus,
    match_swarm,
    match_invoke_metadata,
    match_comfy_graph,
)


def match_stealth_text(document: Document) -> Hit | None:
    """Match the settings of a run in any of those forms, or a ComfyUI graph, which is judged by its nodes."""
    hit = next((hit for form in _FORMS if (hit := form(document))), None)
    software = scalar(document.object.get("Software"))
    return replace(hit, inner=(("PNG:Software", software),)) if hit and software else hit
