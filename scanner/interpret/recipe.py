"""What one text that a generator wrote says of the run: prompt, model, time. Whether it is a mark was asked before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scanner.interpret.comfy_prompt import read_comfy
from scanner.interpret.document import Document, Json, as_object, objects_in, parse_json, scalar
from scanner.interpret.generation_text import find_settings

_NEGATIVE = re.compile(r"(?:^|\s)Negative prompt:")
_GRAPH = re.compile(r"^(?:prompt|workflow)\s*:\s*(?=\{)", re.IGNORECASE)
_DREAM = re.compile(r'\s*"(.+)"\s+-', re.DOTALL)
"""InvokeAI 1 and 2 write the command line: the prompt in quotes, then options."""
_MIDJOURNEY_JOB = re.compile(r"Job ID:.*", re.DOTALL)
_MIDJOURNEY_VERSION = re.compile(r"--(v|version|niji)\s+([\d.]+)")
_MOCHI = re.compile(
    r"Include in Image:\s*(.*?)(?:;\s*(?:Exclude from Image|Model|Steps|Guidance Scale|Seed|Generator):|$)", re.DOTALL
)
_SUNO = re.compile(r"\bcreated=([\dT:.Z+-]{10,40})")

_PROMPT_KEYS = ("prompt", "positive_prompt", "full_prompt", "raw_prompt", "prompt_text", "text_prompt", "c")
_MODEL_KEYS = (
    "model_weights", "model", "base_model", "base_model_name", "use_stable_diffusion_model", "stable_diffusion_model",
    "ckpt_name",
)  # fmt: skip
_TIME_KEYS = ("date", "created", "created_at", "created_date")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a generator's text says, empty where it says nothing."""

    prompt: str = ""
    model: str = ""
    made: str = ""

    def __bool__(self) -> bool:
        """Whether it says anything."""
        return bool(self.prompt or self.model or self.made)


NO_RECIPE = Recipe()


def read_recipe(value: str) -> Recipe:
    """Read a text in any of the forms that generators write; a text that has none of them says nothing."""
    document = Document(value)
    graph = document.object or as_object(parse_json(_GRAPH.sub("", document.whole, count=1)))
    if graph:
        prompt, model = read_comfy(graph)
        return Recipe(prompt, model) if prompt or model else _read_settings(graph)
    return _read_text(document.text)


def _read_text(text: str) -> Recipe:
    settings = find_settings(text)
    if settings:
        return Recipe(_before_settings(text, settings[0]), settings[1].get("model", ""))
    if dream := _DREAM.match(text):
        return Recipe(dream[1])
    version = _MIDJOURNEY_VERSION.search(text)
    if version or _MIDJOURNEY_JOB.search(text):
        named = f"{'niji ' if version[1] == 'niji' else ''}{version[2]}" if version else ""
        return Recipe(_MIDJOURNEY_JOB.sub("", text).strip(), named)
    if mochi := _MOCHI.search(text):
        return Recipe(mochi[1].strip())
    suno = _SUNO.search(text)
    return Recipe(made=suno[1]) if suno else NO_RECIPE


def _before_settings(text: str, line: str) -> str:
    """The prompt of A1111 and its descendants: what stands before the negative prompt, or else before the settings."""
    start = text.rindex(line)
    negative = _NEGATIVE.search(text, 0, start)
    return text[: negative.start() if negative else start].strip()


def _read_settings(settings: dict[str, Json]) -> Recipe:
    recipes = [_read_object(candidate) for candidate in _candidates(settings)]
    return Recipe(
        prompt=next((one.prompt for one in recipes if one.prompt), ""),
        model=next((one.model for one in recipes if one.model), ""),
        made=next((one.made for one in recipes if one.made), ""),
    )


def _candidates(settings: dict[str, Json]) -> Iterator[dict[str, Json]]:
    """The settings and the objects directly inside, the wrapped forms of JPEG exports decoded."""
    for one in (settings, *objects_in(settings), *(as_object(value) for value in settings.values() if isinstance(value, str))):
        yield {name.strip().lower().replace(" ", "_").replace("-", "_"): value for name, value in one.items()}


def _read_object(settings: dict[str, Json]) -> Recipe:
    return Recipe(
        prompt=next((text for key in _PROMPT_KEYS if (text := _wording(settings.get(key)))), ""),
        model=next((text for key in _MODEL_KEYS if (text := _named(settings.get(key)))), ""),
        made=next((text for key in _TIME_KEYS if (text := scalar(settings.get(key)))), ""),
    )


def _wording(value: Json) -> str:
    """A prompt as text, or InvokeAI 2's list of weighted ones."""
    if isinstance(value, list):
        return "\n".join(text for part in objects_in(value) if (text := scalar(part.get("prompt"))))
    return value.strip() if isinstance(value, str) else ""


def _named(value: Json) -> str:
    inner = value if isinstance(value, dict) else {}
    return scalar(value) or scalar(inner.get("model_name")) or scalar(inner.get("name"))
