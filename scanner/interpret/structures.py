"""The named structures that rows of the mark catalogue may ask for, where a value's shape and not its wording is the mark."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from scanner.interpret.comfy_graph import match_comfy_graph
from scanner.interpret.document import Document, Hit
from scanner.interpret.generation_json import (
    match_fooocus,
    match_generation_settings,
    match_invoke_graph,
    match_invoke_metadata,
    match_novelai_comment,
    match_swarm,
)
from scanner.interpret.generation_text import match_generation_text
from scanner.interpret.stealth_text import match_stealth_text
from scanner.interpret.tc260 import match_aigc_label, match_aigc_label_in_text

STRUCTURES: Mapping[str, Callable[[Document], Hit | None]] = MappingProxyType(
    {
        "aigc-label": match_aigc_label,
        "aigc-label-in-text": match_aigc_label_in_text,
        "comfy-graph": match_comfy_graph,
        "fooocus-settings": match_fooocus,
        "generation-settings": match_generation_settings,
        "generation-text": match_generation_text,
        "invoke-graph": match_invoke_graph,
        "invoke-metadata": match_invoke_metadata,
        "novelai-comment": match_novelai_comment,
        "stealth-text": match_stealth_text,
        "swarm-settings": match_swarm,
    }
)
