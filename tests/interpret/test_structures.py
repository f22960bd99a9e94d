"""The named structures: graphs, settings and labels as real programs write them, and what only resembles them."""

from __future__ import annotations

import json

import pytest

from scanner.interpret.document import JSON_LIMIT, Document, Hit
from scanner.interpret.structures import STRUCTURES
from scanner.model.marks import Confidence, Meaning


def match(structure: str, value: object) -> Hit | None:
    return STRUCTURES[structure](Document(value if isinstance(value, str) else json.dumps(value)))


def prompt(*classes: str) -> dict:
    return {str(number): {"class_type": name, "inputs": {}} for number, name in enumerate(classes)}


def workflow(*types: str, mode: int = 0) -> dict:
    return {"nodes": [{"id": number, "type": name, "mode": mode} for number, name in enumerate(types)], "links": []}


@pytest.mark.parametrize(
    "classes",
    [
        ("KSampler", "SaveImage"),
        ("SamplerCustomAdvanced", "SaveImage"),
        ("LoadImage", "KSampler (Efficient)", "SaveImage"),
        ("WanVideoSampler", "VHS_VideoCombine"),
        ("FluxKontextProImageNode", "LoadImage", "SaveImage"),
        ("FluxProUltraImageNode", "SaveImage"),
        ("IdeogramV3", "SaveImage"),
        ("OpenAIGPTImage1", "SaveImage"),
        ("OpenAIDalle3", "SaveImage"),
        ("GeminiImageNode", "LoadImage", "SaveImage"),
        ("KlingTextToVideoNode", "SaveVideo"),
        ("Veo3VideoGenerationNode", "SaveVideo"),
        ("RunwayTextToImageNode", "SaveImage"),
        ("MinimaxTextToVideoNode", "SaveVideo"),
        ("ByteDanceSeedreamNode", "SaveImage"),
        ("LumaImageNode", "SaveImage"),
        ("StabilityStableImageUltraNode", "SaveImage"),
        ("RecraftTextToImageNode", "SaveImage"),
        ("LoadImage", "KlingImage2VideoNode", "SaveVideo"),
    ],
)
def test_comfy_graphs_that_generate(classes):
    assert match("comfy-graph", prompt(*classes)) == Hit(Meaning.GENERATED, Confidence.DEFINITIVE)


@pytest.mark.parametrize(
    "classes",
    [
        ("LoadImage", "TextToImage", "SaveImage"),
        ("LoadImage", "CLIPTextEncode", "OddRunner", "VAEDecode", "SaveImage"),
        ("CheckpointLoaderSimple", "OddRunner", "SaveImage"),
        ("LoadImage", "LaMaInpaint", "SaveImage"),
    ],
)
def test_comfy_graphs_that_most_likely_generate(classes):
    assert match("comfy-graph", prompt(*classes)) == Hit(Meaning.GENERATED, Confidence.STRONG)


@pytest.mark.parametrize(
    "classes",
    [
        ("LoadImage", "UpscaleModelLoader", "ImageUpscaleWithModel", "SaveImage"),
        ("VHS_LoadVideo", "RIFE VFI", "VHS_VideoCombine"),
        ("LoadImage", "SUPIR_sample", "SaveImage"),
        ("LoadImage", "TopazImageEnhance", "SaveImage"),
        ("LoadImage", "FaceRestoreWithModel", "SaveImage"),
    ],
)
def test_comfy_graphs_that_only_enhance(classes):
    hit = match("comfy-graph", prompt(*classes))
    assert hit is not None
    assert hit.meaning is Meaning.ENHANCED


@pytest.mark.parametrize(
    "classes",
    [
        ("LoadImage", "SaveImage"),
        ("LoadImage", "ImageScale", "ImageCrop", "ColorMatch", "SaveImage"),
        ("LoadVideo", "GetVideoComponents", "CreateVideo", "SaveVideo"),
        ("LoadImage", "RecraftRemoveBackgroundNode", "SaveImage"),
        ("LoadImage", "GeminiNode", "SaveImage"),
        ("LoadAudio", "AudioResampler", "SaveAudio"),
        ("EmptyImage", "SaveImage"),
    ],
)
def test_comfy_graphs_that_say_nothing(classes):
    assert match("comfy-graph", prompt(*classes)) is None


def test_comfy_workflows_leave_out_what_did_not_run():
    assert match("comfy-graph", workflow("KSampler", "SaveImage")) is not None
    for mode in (2, 4):
        graph = workflow("KSampler", mode=mode)
        graph["nodes"] += workflow("LoadImage", "SaveImage")["nodes"]
        assert match("comfy-graph", graph) is None


def test_comfy_subgraphs_and_group_nodes_are_looked_into():
    inner = workflow("KSampler")
    uses = workflow("LoadImage", "5f3c", "SaveImage")
    assert match("comfy-graph", {**uses, "definitions": {"subgraphs": [inner]}}) is not None
    assert match("comfy-graph", {**uses, "extra": {"groupNodes": {"g": inner}}}) is not None


@pytest.mark.parametrize(
    "value",
    [
        "prompt:" + json.dumps(prompt("KSampler")),
        "Workflow: " + json.dumps(workflow("KSampler")),
        json.dumps({"prompt": json.dumps(prompt("KSampler")), "workflow": json.dumps(workflow("KSampler"))}),
        json.dumps({"prompt": prompt("KSampler")}),
        json.dumps({**prompt("KSampler"), "extraMetadata": "{}"}),
        json.dumps(prompt("KSampler")).replace('"inputs": {}', '"inputs": {"x": NaN}'),
        json.dumps(prompt("KSampler")) + "\0",
    ],
)
def test_comfy_graphs_in_any_wrapping(value):
    assert match("comfy-graph", value) == Hit(Meaning.GENERATED, Confidence.DEFINITIVE)


@pytest.mark.parametrize(
    "value", ["", "{", "null", "[]", "[1]", '{"nodes": 1}', '{"1": {"class_type": 4}}', "[" * 100_000, '{"a":' * 100_000]
)
@pytest.mark.parametrize("structure", sorted(STRUCTURES))
def test_broken_values_match_nothing(structure, value):
    assert match(structure, value) is None


def test_endless_json_is_not_parsed():
    assert Document("[1," + " " * 10 + "1]").json == [1, 1]
    assert Document("[1," + " " * JSON_LIMIT + "1]").json is None


SETTINGS = "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1234, Size: 512x512"


@pytest.mark.parametrize(
    ("text", "generator"),
    [
        (f"a duck\nNegative prompt: x\ny, z\n{SETTINGS}", ""),
        (SETTINGS, ""),
        ("Seed: 5, Sampler: DDIM, Steps: 9", ""),
        ("a\n\nSteps: 20, Size: 1x1, Seed: 5, CFG scale: 6, App: SD.Next, Version: 56a8aea", "SD.Next"),
        (f"{SETTINGS}, Version: f2.0.1v1.10.1-previous", "Stable Diffusion WebUI Forge"),
        (f"{SETTINGS}, Version: v1.9.4", "AUTOMATIC1111"),
        (f"{SETTINGS}, Version: Fooocus v2.5.5", "Fooocus"),
        (f'{SETTINGS}, Civitai resources: [{{"type":"checkpoint"}}]', "Civitai"),
        (f'a\n{SETTINGS}, Lora hashes: "x: 1, y: 2", Version: ComfyUI\nTemplate: b', "ComfyUI"),
        (f"a\r\n{SETTINGS}\r\n", ""),
    ],
)
def test_settings_lines(text, generator):
    assert match("generation-text", text) == Hit(generator=generator)


@pytest.mark.parametrize(
    "text",
    [
        "Steps: 20",
        "Steps: 20, Seed: 5",
        "Steps: 20, Seed: grass, Sampler: Keith",
        "Steps: 20\nSampler: Euler\nnothing",
        "The Steps: 20 to plant a Seed: 1, and a Sampler: of cheese",
        "Model: Canon, Steps: 3, Seed: 2",
    ],
)
def test_lines_that_are_no_settings(text):
    assert match("generation-text", text) is None


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_settings_survive_a_wrong_encoding(encoding):
    other = {"utf-16-le": "utf-16-be", "utf-16-be": "utf-16-le"}[encoding]
    assert match("generation-text", f"a duck\n{SETTINGS}".encode(encoding).decode(other, "surrogatepass")) is not None
    eight_bit = f"a duck\n{SETTINGS} ".encode()
    assert match("generation-text", eight_bit[: len(eight_bit) // 2 * 2].decode(encoding, "surrogatepass")) is not None
    assert Document("富士山の夕焼けと湖の写真、二〇二四年十一月").text == "富士山の夕焼けと湖の写真、二〇二四年十一月"


def test_aigc_numbers_and_producers():
    label = {"Label": "1", "ContentProducer": "00119144030008867405X200001", "ProduceID": "KLingMuse_1"}
    hit = match("aigc-label", label)
    assert hit == Hit(
        confidence=Confidence.DEFINITIVE,
        inner=(("TC260:ContentProducer", "9144030008867405X2"), ("TC260:ProduceID", "KLingMuse_1")),
    )
    assert match("aigc-label", {"Label": 2}) == Hit(confidence=Confidence.STRONG)
    assert match("aigc-label", {"label": "3"}) == Hit(confidence=Confidence.WEAK)
    assert match("aigc-label", {"ProduceID": "x"}) == Hit(confidence=Confidence.STRONG, inner=(("TC260:ProduceID", "x"),))
    assert match("aigc-label", {"Label": "0"}) is None
    assert match("aigc-label", 'AIGC{"Label":"1"}') == Hit(confidence=Confidence.DEFINITIVE)
    assert match("aigc-label", json.dumps({"AIGC": json.dumps({"Label": "1"})})) == Hit(confidence=Confidence.DEFINITIVE)


def test_aigc_in_text_needs_its_wrapping_or_two_fields():
    assert match("aigc-label-in-text", {"Label": "1"}) is None
    assert match("aigc-label-in-text", {"AIGC": {"Label": "1"}}) is not None
    assert match("aigc-label-in-text", {"Label": "1", "ProduceID": "x"}) is not None


@pytest.mark.parametrize(
    ("structure", "value"),
    [
        ("invoke-metadata", {"app_version": "3.0.0", "generation_mode": "txt2img", "positive_prompt": "x"}),
        ("invoke-metadata", {"generation_mode": "flux_txt2img", "seed": 1}),
        ("invoke-metadata", {"app_id": "invoke-ai/InvokeAI", "image": {"prompt": []}}),
        ("novelai-comment", {"steps": 28, "sampler": "k_dpmpp_2m", "seed": 1, "scale": 11.0, "uc": "x"}),
        ("novelai-comment", {"steps": 28, "seed": 1, "scale": 5, "v4_prompt": {}, "request_type": "PromptGenerateRequest"}),
        ("fooocus-settings", {"base_model": "m", "sharpness": 2, "styles": "[]", "prompt": "x"}),
        ("fooocus-settings", {"Base Model": "m", "Performance": "Speed", "Fooocus V2 Expansion": "x"}),
        ("swarm-settings", {"sui_image_params": {"prompt": "x"}}),
        ("generation-settings", {"c": "x", "uc": "", "model": "m", "sampler": "E", "seed": 1, "scale": 7, "steps": 20}),
        ("generation-settings", {"Prompt": "x", "Seed": 1, "Num Inference Steps": 20, "Guidance Scale": 7}),
        ("generation-settings", {"meta": {"prompt": "x", "seed": 1, "steps": 20, "cfgScale": 7}}),
        ("invoke-graph", {"nodes": {"a": {"type": "sdxl_denoise"}}}),
        ("invoke-graph", {"nodes": [{"type": "invocation", "data": {"type": "denoise_latents"}}]}),
    ],
)
def test_settings_of_known_programs(structure, value):
    assert match(structure, value) is not None


@pytest.mark.parametrize(
    ("structure", "value"),
    [
        ("invoke-metadata", {"app_version": "5.0"}),
        ("novelai-comment", {"steps": 3, "seed": 1}),
        ("fooocus-settings", {"base_model": "truck", "styles": ["red"]}),
        ("swarm-settings", {"sui_image_params": None}),
        ("generation-settings", {"prompt": "Your name?", "seed": 1, "steps": 2}),
        ("generation-settings", {"seed": 1, "steps": 2, "scale": 3}),
        ("invoke-graph", {"nodes": {"a": {"type": "img_crop"}}}),
    ],
)
def test_objects_that_only_resemble_settings(structure, value):
    assert match(structure, value) is None
