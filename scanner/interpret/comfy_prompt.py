"""The positive text and the model of a ComfyUI graph.

The text is found by its use: from what a node calls its positive input, against the links, to the nodes that hold wording.
Where no node says so (nodes that call a service, old editors), the texts of all encoders but the negative ones are taken.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from scanner.interpret.document import Json, as_object, objects_in, scalar

_NODES_LIMIT = 2000
_TEXTS = ("text", "text_g", "text_l", "clip_l", "t5xxl", "prompt", "positive_prompt", "string", "value")
_AWAY = frozenset(
    ("negative", "model", "clip", "vae", "samples", "latent", "latent_image", "image", "pixels", "mask", "control_net")
)
"""Inputs that lead away from the wording: to what is not wanted, to models and to pictures."""
_MODELS = ("ckpt_name", "unet_name", "model_name")
_ENCODER = re.compile(r"(?i)textencode|prompt|api|(?:image|video|audio|text|music)(?:generat|node)|dalle|to(?:image|video)")
"""Classes whose text is wording for a model and not a file's name or a note."""

_Inputs = Mapping[str, Json]


def read_comfy(graph: dict[str, Json]) -> tuple[str, str]:
    """Return the positive text and the model's file name of a graph, empty where it tells none."""
    nodes = _nodes(graph)
    starts = _targets(inputs.get("positive") for _, inputs in nodes.values())
    starts = starts or _targets(inputs.get("conditioning") for name, inputs in nodes.values() if "guider" in name.lower())
    texts = list(_texts_behind(nodes, starts)) if starts else []
    if not any(texts):
        unwanted = set(_texts_behind(nodes, _targets(inputs.get("negative") for _, inputs in nodes.values())))
        encoders = (inputs for name, inputs in nodes.values() if _ENCODER.search(name))
        texts = [text for inputs in encoders for text in _own_texts(inputs) if text not in unwanted]
    models = (scalar(inputs.get(key)) for _, inputs in nodes.values() for key in _MODELS)
    return "\n".join(dict.fromkeys(text for text in texts if text)), next((name for name in models if name), "")


def _nodes(graph: dict[str, Json]) -> dict[str, tuple[str, _Inputs]]:
    """Class name and inputs of each node by its id, of the prompt where there is one, else of the workflow."""
    for prompt in (graph, as_object(graph.get("prompt"))):
        found = {
            number: (scalar(node.get("class_type")), as_object(node.get("inputs")))
            for number, node in prompt.items()
            if isinstance(node, dict) and "class_type" in node
        }
        if found:
            return dict(list(found.items())[:_NODES_LIMIT])
    return dict(_workflow_nodes(as_object(graph.get("workflow")) or graph))


def _workflow_nodes(workflow: dict[str, Json]) -> Iterator[tuple[str, tuple[str, _Inputs]]]:
    """A workflow's nodes as a prompt has them: links point by their number, and a text stands unnamed among the widgets."""
    links = workflow.get("links")
    origins = (
        {scalar(link[0]): link[1] for link in links if isinstance(link, list) and len(link) > 1}
        if isinstance(links, list)
        else {}
    )
    for node in list(objects_in(workflow.get("nodes")))[:_NODES_LIMIT]:
        name = scalar(node.get("type"))
        inputs: dict[str, Json] = {}
        for slot in objects_in(node.get("inputs")):
            origin = origins.get(scalar(slot.get("link")))
            if origin is not None:
                inputs[scalar(slot.get("name"))] = [origin, 0]
        widgets = node.get("widgets_values")
        if isinstance(widgets, list) and _ENCODER.search(name):
            inputs.setdefault("text", next((text for text in widgets if isinstance(text, str)), ""))
        yield scalar(node.get("id")), (name, inputs)


def _targets(values: Iterable[Json]) -> list[str]:
    """Ids of the nodes that links among `values` point at."""
    return [scalar(value[0]) for value in values if isinstance(value, list) and len(value) == 2 and scalar(value[0])]


def _texts_behind(nodes: Mapping[str, tuple[str, _Inputs]], starts: Iterable[str]) -> Iterator[str]:
    waiting, seen = deque(starts), set[str]()
    while waiting:
        number = waiting.popleft()
        if number in seen or number not in nodes:
            continue
        seen.add(number)
        _, inputs = nodes[number]
        yield from _own_texts(inputs)
        waiting += _targets(value for key, value in inputs.items() if key not in _AWAY)


def _own_texts(inputs: _Inputs) -> Iterator[str]:
    for key in _TEXTS:
        value = inputs.get(key)
        if isinstance(value, str) and value.strip():
            yield value.strip()
