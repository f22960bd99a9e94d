"""Prompts, models and times in the texts of generators."""

from __future__ import annotations

import json
import time

import pytest

from scanner.interpret.recipe import NO_RECIPE, Recipe, read_recipe

SETTINGS = "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 41, Model: m_v1, Version: v1.9.4"
GRAPH = {
    "3": {"class_type": "KSampler", "inputs": {"positive": ["6", 0]}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a"}},
}


@pytest.mark.parametrize(
    ("value", "recipe"),
    [
        (f"a pier\nin fog\nNegative prompt: text\n{SETTINGS}", Recipe("a pier\nin fog", "m_v1")),
        (f"a pier\n{SETTINGS}", Recipe("a pier", "m_v1")),
        (f"a pier Negative prompt: text\n{SETTINGS}", Recipe("a pier", "m_v1")),
        (SETTINGS, Recipe("", "m_v1")),
        ("Seed: 41, Steps: 20, Sampler: Euler a, Model: m_v1", Recipe("", "m_v1")),
        (json.dumps(GRAPH), Recipe("a")),
        (f"prompt:{json.dumps(GRAPH)}", Recipe("a")),
        ('"a pier at \\"dawn\\"" -s50 -S417', Recipe('a pier at \\"dawn\\"')),
        ("an anchor --ar 3:2 --v 6.1 Job ID: 3f2b8c1e-9d47-4a65-8e0b-7c5d1f6a2b90", Recipe("an anchor --ar 3:2 --v 6.1", "6.1")),
        ("an anchor --niji 5", Recipe("an anchor --niji 5", "niji 5")),
        ("Include in Image: a gull; Exclude from Image: text; Generator: Mochi Diffusion 5.2", Recipe("a gull")),
        ("made with suno; created=2026-02-03T10:11:12Z; id=x", Recipe(made="2026-02-03T10:11:12Z")),
        ('{"positive_prompt": "a pier", "model": {"model_name": "m"}}', Recipe("a pier", "m")),
        (
            '{"model": "stable diffusion", "model_weights": "w", "image": {"prompt": [{"prompt": "a pier"}]}}',
            Recipe("a pier", "w"),
        ),
        ('{"prompt": "a gull", "uc": "lowres"}', Recipe("a gull")),
        ('{"Comment": "{\\"prompt\\": \\"a gull\\"}"}', Recipe("a gull")),
        ('{"c": "a rope", "model": "m"}', Recipe("a rope", "m")),
        ('{"Prompt": "a buoy", "Base Model": "m"}', Recipe("a buoy", "m")),
        (
            '{"sui_image_params": {"prompt": "a net", "model": "m"}, "sui_extra_data": {"date": "2024-11-19"}}',
            Recipe("a net", "m", "2024-11-19"),
        ),
        ("Enhanced using prob-3", NO_RECIPE),
        ("{}", NO_RECIPE),
        ("[1, 2]", NO_RECIPE),
        ('{"prompt": 7}', NO_RECIPE),
        ("", NO_RECIPE),
    ],
)
def test_recipe(value: str, recipe: Recipe) -> None:
    assert read_recipe(value) == recipe


@pytest.mark.parametrize(
    "value",
    [
        "x" + " " * 400_000 + "y",
        '"a" ' * 100_000,
        "Include in Image: " * 20_000,
        "--v " * 100_000,
        "Steps:" + " " * 400_000,
        "{" * 300_000,
    ],
)
def test_hostile_texts_end(value: str) -> None:
    started = time.monotonic()
    read_recipe(value)

    assert time.monotonic() - started < 2
