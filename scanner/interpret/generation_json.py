"""JSON objects in which generators keep their settings: Fooocus, SwarmUI, InvokeAI, NovelAI, and the shape they share."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.interpret.document import Document, Hit, Json, as_object, objects_in, scalar
from scanner.model.marks import Confidence, Meaning

_PROMPTS = frozenset(
    ("prompt", "full_prompt", "positive_prompt", "raw_prompt", "uc", "negative_prompt", "prompt_text", "text_prompt")
)
_STEPS = frozenset(("steps", "num_inference_steps", "inference_steps", "sampling_steps", "num_steps"))
_RUN_SETTINGS = frozenset(
    (
        *(
            "sampler",
            "sampler_name",
            "samplername",
            "scheduler",
            "cfg_scale",
            "cfgscale",
            "guidance_scale",
            "guidance",
            "cfg",
            "scale",
        ),
        *(
            "model_hash",
            "base_model",
            "use_stable_diffusion_model",
            "stable_diffusion_model",
            "mflux_version",
            "denoising_strength",
        ),
    )
)
_FOOOCUS_MODELS = frozenset(("base_model", "base_model_name", "refiner_model", "refiner_model_name", "base_model_hash"))
_FOOOCUS_SETTINGS = frozenset(
    ("sharpness", "styles", "performance", "adm_guidance", "prompt_expansion", "fooocus_v2_expansion", "refiner_switch")
)
_INVOKE_PROMPT_KEYS = ("generation_mode", "positive_prompt")
_INVOKE_KEYS = (
    "app_version",
    "generation_mode",
    "positive_prompt",
    "model",
    "seed",
    "cfg_scale",
    "scheduler",
    "canvas_v2_metadata",
)
_INVOKE_MAKING = re.compile(
    r"denoise|t2l|l2l|txt2img|img2img|inpaint|infill|text_to_image|image_to_image|multi_diffusion|gemini|openai"
)
_INVOKE_ENHANCING = re.compile(r"esrgan|upscale|spandrel|restore_face|codeformer|gfpgan")
_PRODUCTS = (
    ("sui_image_params", "SwarmUI"),
    ("mflux_version", "mflux"),
    ("use_stable_diffusion_model", "Easy Diffusion"),
)


def match_generation_settings(document: Document) -> Hit | None:
    """Match an object that holds a prompt, a seed, steps, and a setting that only a diffusion run has."""
    for settings in _candidates(document.object):
        keys = settings.keys()
        prompted = keys & _PROMPTS or ("c" in keys and "model" in keys)
        if prompted and keys & _STEPS and "seed" in keys and keys & _RUN_SETTINGS:
            return Hit(generator=next((name for key, name in _PRODUCTS if key in keys), ""))
    return None


def match_swarm(document: Document) -> Hit | None:
    """Match SwarmUI's ``sui_image_params``."""
    return Hit() if as_object(document.object.get("sui_image_params")) else None


def match_fooocus(document: Document) -> Hit | None:
    """Match Fooocus settings: a base or refiner model and two settings that only Fooocus has."""
    keys = _folded(document.object).keys()
    return Hit() if keys & _FOOOCUS_MODELS and len(keys & _FOOOCUS_SETTINGS) > 1 else None


def match_invoke_metadata(document: Document) -> Hit | None:
    """Match InvokeAI's metadata of versions 2 to 6; without prompt or mode it may be of an import, and is less sure."""
    settings = _folded(document.object)
    if settings.get("app_id") == "invoke-ai/InvokeAI" or "model_weights" in settings:
        return Hit()
    if any(key in settings for key in _INVOKE_PROMPT_KEYS):
        return Hit()
    return Hit(confidence=Confidence.STRONG) if sum(key in settings for key in _INVOKE_KEYS) > 1 else None


def match_invoke_graph(document: Document) -> Hit | None:
    """Match an InvokeAI graph or workflow and judge it by its node types."""
    types = set(_invoke_node_types(document.object))
    if any(_INVOKE_MAKING.search(name) for name in types):
        return Hit()
    return Hit(meaning=Meaning.ENHANCED) if any(_INVOKE_ENHANCING.search(name) for name in types) else None


def match_novelai_comment(document: Document) -> Hit | None:
    """Match NovelAI's settings: ``uc`` is its word for the undesired content."""
    settings = document.object
    if "Comment" in settings:
        # WebP and JPEG exports keep the PNG's text chunks as one object.
        settings = as_object(settings["Comment"])
    keys = settings.keys()
    return Hit() if {"steps", "seed", "scale"} <= keys and keys & {"uc", "sampler", "request_type", "v4_prompt"} else None


def _candidates(root: dict[str, Json]) -> Iterator[dict[str, Json]]:
    """The object itself, and the objects directly inside it."""
    yield _folded(root)
    yield from (_folded(inner) for inner in objects_in(root))


def _folded(settings: dict[str, Json]) -> dict[str, Json]:
    return {name.strip().lower().replace(" ", "_").replace("-", "_"): value for name, value in settings.items()}


def _invoke_node_types(graph: dict[str, Json]) -> Iterator[str]:
    for node in objects_in(graph.get("nodes")):
        inner = as_object(node.get("data"))
        yield scalar(inner.get("type")) or scalar(node.get("type"))
