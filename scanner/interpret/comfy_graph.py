"""ComfyUI graphs: which nodes ran, and so whether a picture was generated, enhanced, or only passed through.

A graph comes as *prompt* (id → ``{class_type, inputs}``, what ran) or as *workflow* (``nodes`` with ``type`` and ``mode``,
what the editor showed), plain, after a ``prompt:`` prefix, or both wrapped in one object. A graph alone is no proof: people
push real plates through ComfyUI to crop, match or enlarge them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.interpret.document import Document, Hit, Json, as_object, objects_in, parse_json
from scanner.model.marks import Confidence, Meaning

_PREFIX = re.compile(r"(?:prompt|workflow)\s*:\s*(?=\{)", re.IGNORECASE)
_SKIPPED_MODES = (2, 4)
"""LiteGraph modes of a node that does not run: never, and bypass (ComfyUI front end)."""

_PLAIN = re.compile(
    r"""(?x)^(?:load|save|preview|show|empty(?!.*latent)|note|primitive|reroute|get|set|create|splitstring|text(?!to|2)|string|math|
    clipvision(?:encode|loader)|conditioning(?:combine|concat|average|zeroout)?$)
    | background | matting | segment | caption | chat | describe | toprompt | prompt(?:gen|builder|styler) | llm | tagger
    | resize | crop | mask(?!.*inpaint) | colou?rmatch | recraftcolor | recraftcontrols | recraftstyle | savesvg | imagetosvg
    | resampl"""
)
"""Node classes that neither make nor enhance a picture, whatever other words their names hold."""
_SAMPLING = re.compile(r"(?<!re)(?<!up)(?<!down)sampl(?:er|e$)|detailer")
"""Classes that run a diffusion model; samplers of every node pack end in the word."""
_PARTNERS = re.compile(
    r"""(?x) ideogram | dalle | gptimage | openaivideo | sora2? (?:video|text|image|$) | kling | hailuo | minimax | moonvalley
    | pika | pixverse | recraft(?:text|image|creative|replace|vector) | runway | veo\d | veovideo | vidu | seedream | seedance
    | bytedance | nanobanana | gemini\d*(?:pro|flash)?image | imagen\d | grok(?:image|video) | higgsfield | midjourney | heygen
    | flux(?:1|2)?(?:pro|max|kontext(?:pro|max)|dev)?(?:ultra|expand|fill|canny|depth)?image | fluxpro | fluxkontext(?:pro|max)
    | luma(?:image|video|ray) | stability(?:stable|audio|text) | tripo(?:text|image|multi) | rodin3d | meshy | hunyuan3d
    | elevenlabs(?:text|speech|music|sound) | suno | krea(?:image|node) | reve(?:image|text|create|edit|remix)
    | wan(?:text|image)to.*api
    | bria(?:image|text|generat) | qwenimage(?:api|edit.*api) | ltxvapi"""
)
"""Nodes that call a generator outside, github:comfyanonymous/ComfyUI comfy_api_nodes/ (folder listing and class names)."""
_ENHANCING = re.compile(
    r"""upscal|esrgan|gigapixel|topaz|hitpaw|magnific|supir|seedvr|rifevfi|vfi$|interpolat|facerestor|codeformer|gfpgan|gpen|
    deblur|denoiseimage|imagedenoise|coloris|coloriz|ddcolor|restoration|aurasr|imageenhance""".replace("\n    ", "")
)
_GENERATING = re.compile(
    r"(?:text|txt)(?:to|2)(?:image|img|video|vid|audio|speech|music|sound|model)|(?:image|img)(?:to|2)(?:image|img|video|vid)|"
    r"(?:image|img|video|music|audio|speech|picture)(?:gen$|generat)|generat(?:e|or|ion)(?:image|img|video|music|audio|picture)|"
    r"inpaint|outpaint|generativefill|(?:^|[a-z])api(?:node)?$|^texttospeech|t2i|i2v|t2v"
)
_MODEL_PARTS = re.compile(r"cliptextencode|vaedecode|checkpointloader|unetloader|emptylatent|diffusionmodelloader|empty\w*latent")
_TEXT_ENCODER = re.compile(r"textencode")
"""A prompt and a decoded latent mean that something between them sampled, whatever it is called."""
_SOURCES = re.compile(
    r"load.*(?:image|video|audio|img|exr|media|frames|sequence|movie|psd)|(?:image|video|audio)(?:load|from|input|receiver)|vhsload"
)
_NOT_IN_CLASS = re.compile(r"[^a-z0-9]")


def match_comfy_graph(document: Document) -> Hit | None:
    """Match a ComfyUI graph and judge it by the classes of the nodes that ran."""
    graph = document.object or as_object(parse_json(_PREFIX.sub("", document.whole, count=1)))
    return _judge(frozenset(_NOT_IN_CLASS.sub("", name.lower()) for name in _classes(graph)))


def _judge(classes: frozenset[str]) -> Hit | None:
    if not classes:
        return None
    enhancing = {name for name in classes if _ENHANCING.search(name)}
    others = {name for name in classes - enhancing if not _PLAIN.search(name)}
    if any(_SAMPLING.search(name) for name in classes - enhancing) or any(_PARTNERS.search(name) for name in others):
        return Hit(Meaning.GENERATED, Confidence.DEFINITIVE)
    from_nothing = not any(_SOURCES.search(name) for name in classes)
    prompted = any(_TEXT_ENCODER.search(name) for name in classes) and any("vaedecode" in name for name in classes)
    if any(_GENERATING.search(name) for name in others) or prompted or (from_nothing and any(map(_MODEL_PARTS.search, others))):
        return Hit(Meaning.GENERATED, Confidence.STRONG)
    if enhancing:
        return Hit(Meaning.ENHANCED, Confidence.STRONG)
    # Nothing was loaded and unknown nodes acted: the picture came from somewhere, so people should look.
    return Hit(Meaning.GENERATED, Confidence.WEAK) if from_nothing and others else None


def _classes(graph: dict[str, Json]) -> Iterator[str]:
    """Class names of the nodes that ran: of the prompt where there is one, else of the workflow."""
    wrapped = as_object(graph.get("prompt"))
    for prompt in (graph, wrapped):
        ran = [node["class_type"] for node in objects_in(prompt) if isinstance(node.get("class_type"), str)]
        if ran:
            yield from (name for name in ran if isinstance(name, str))
            return
    workflow = as_object(graph.get("workflow")) or graph
    yield from _workflow_classes(workflow)


def _workflow_classes(workflow: dict[str, Json]) -> Iterator[str]:
    nodes = workflow.get("nodes")
    if not isinstance(nodes, list):
        return
    for part in (workflow, *_inner_graphs(workflow)):
        for node in objects_in(part.get("nodes")):
            name = node.get("type")
            if isinstance(name, str) and node.get("mode") not in _SKIPPED_MODES and "class_type" not in node:
                yield name


def _inner_graphs(workflow: dict[str, Json]) -> Iterator[dict[str, Json]]:
    """Subgraphs and group nodes keep their own node lists apart from the graph that uses them."""
    yield from objects_in(as_object(workflow.get("definitions")).get("subgraphs"))
    yield from objects_in(as_object(workflow.get("extra")).get("groupNodes"))
