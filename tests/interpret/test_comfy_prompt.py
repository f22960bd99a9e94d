"""The wording and the model of ComfyUI graphs."""

from __future__ import annotations

import time
from typing import Any

from scanner.interpret.comfy_prompt import read_comfy


def node(name: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": name, "inputs": inputs}


PROMPT = {
    "3": node("KSampler", model=["4", 0], positive=["6", 0], negative=["7", 0]),
    "4": node("CheckpointLoaderSimple", ckpt_name="m.safetensors"),
    "6": node("CLIPTextEncode", text="a lion", clip=["4", 1]),
    "7": node("CLIPTextEncode", text="watermark", clip=["4", 1]),
}


def test_the_positive_text_and_the_model() -> None:
    assert read_comfy(PROMPT) == ("a lion", "m.safetensors")
    assert read_comfy({"prompt": PROMPT}) == ("a lion", "m.safetensors")


def test_the_text_is_followed_through_other_conditioning_nodes() -> None:
    graph = PROMPT | {
        "3": node("KSampler", positive=["8", 0], negative=["8", 1]),
        "8": node("ControlNetApply", positive=["9", 0], negative=["7", 0], control_net=["1", 0]),
        "9": node("ConditioningCombine", conditioning_1=["6", 0], conditioning_2=["10", 0]),
        "10": node("CLIPTextEncode", text=["11", 0]),
        "11": node("PrimitiveString", value="at dusk"),
    }

    assert read_comfy(graph)[0] == "a lion\nat dusk"


def test_a_guider_holds_the_positive_text_of_newer_graphs() -> None:
    graph = {
        "6": node("CLIPTextEncode", text="a rice paddy"),
        "13": node("SamplerCustomAdvanced", guider=["22", 0]),
        "22": node("BasicGuider", conditioning=["26", 0]),
        "26": node("FluxGuidance", conditioning=["6", 0]),
        "12": node("UNETLoader", unet_name="flux1-dev.safetensors"),
    }

    assert read_comfy(graph) == ("a rice paddy", "flux1-dev.safetensors")


def test_a_node_that_calls_a_service_holds_its_prompt() -> None:
    assert read_comfy({"1": node("OpenAIDalle3", prompt="a pier", size="1024")})[0] == "a pier"


def test_without_a_positive_input_the_negative_text_still_does_not_count() -> None:
    graph = {
        "1": node("OddSampler", negative=["3", 0]),
        "2": node("CLIPTextEncode", text="a gull"),
        "3": node("CLIPTextEncode", text="text"),
        "4": node("SaveImage", text="no wording"),
    }

    assert read_comfy(graph)[0] == "a gull"


def test_a_workflow_is_followed_by_its_links() -> None:
    workflow = {
        "nodes": [
            {"id": 3, "type": "KSampler", "inputs": [{"name": "positive", "link": 4}, {"name": "negative", "link": 6}]},
            {"id": 6, "type": "CLIPTextEncode", "inputs": [], "widgets_values": ["a lion"]},
            {"id": 7, "type": "CLIPTextEncode", "inputs": [], "widgets_values": ["watermark"]},
        ],
        "links": [[4, 6, 0, 3, 1, "CONDITIONING"], [6, 7, 0, 3, 2, "CONDITIONING"]],
    }

    assert read_comfy(workflow) == ("a lion", "")
    assert read_comfy({"workflow": workflow}) == ("a lion", "")


def test_graphs_that_are_none_say_nothing() -> None:
    for graph in ({}, {"1": 4}, {"nodes": 3, "links": {}}, {"1": {"class_type": "KSampler", "inputs": None}}):
        assert read_comfy(graph) == ("", "")  # type: ignore[arg-type]


def test_circles_and_crowds_end() -> None:
    crowd = {
        str(number): node("X", positive=[str(number), 0], **{f"a{more}": ["1", 0] for more in range(200)})
        for number in range(3000)
    }
    started = time.monotonic()

    assert read_comfy(crowd) == ("", "")
    assert time.monotonic() - started < 5
