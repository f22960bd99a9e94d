"""The settings line that AUTOMATIC1111 and its many descendants write: ``Steps: 20, Sampler: Euler a, …, Seed: 1, …``.

Forks reorder the keys, SD.Next leaves the sampler out, and prompts and negative prompts before the line have any number of
lines. What all have in common is one line with steps, a seed and at least one setting that only a diffusion run has.
"""

from __future__ import annotations

import re

from scanner.interpret.document import Document, Hit

_SETTING = re.compile(r"(?:^|,)[ \t]*([A-Za-z][A-Za-z0-9 _/-]{1,40}?):[ \t]*(\"[^\"\n]{0,2000}\"|[^,\n]{0,400})")
_STEPS = re.compile(r"\d{1,4}(?:/\d{1,4})?|\d{1,4}\.0")
_SEED = re.compile(r"-?\d{1,20}")
_RUN_SETTINGS = frozenset(
    (
        "sampler",
        "cfg scale",
        "model hash",
        "schedule type",
        "scheduler",
        "denoising strength",
        "distilled cfg scale",
        "civitai resources",
    )
)
"""Settings of a diffusion run; ``Model`` and ``Size`` alone would also fit a camera's or a printer's log."""
_PROGRAMS = (
    ("app", re.compile(r"SD\.Next"), "SD.Next"),
    ("version", re.compile(r"Fooocus.*"), "Fooocus"),
    ("version", re.compile(r"ComfyUI.*"), "ComfyUI"),
    ("version", re.compile(r"neo.*"), "Stable Diffusion WebUI Forge - Neo"),
    ("version", re.compile(r"f\d.*"), "Stable Diffusion WebUI Forge"),
    ("version", re.compile(r"v?1\.\d+\.\d+.*"), "AUTOMATIC1111"),
    ("civitai resources", re.compile(r".*"), "Civitai"),
    ("civitai metadata", re.compile(r".*"), "Civitai"),
)


def match_generation_text(document: Document) -> Hit | None:
    """Match a value that holds a settings line; names the program where the line does."""
    found = find_settings(document.text)
    return Hit(generator=_program(found[1])) if found else None


def find_settings(text: str) -> tuple[str, dict[str, str]] | None:
    """Return the settings line of a text and its settings by their names in lower case, or None where it has no such line."""
    # The line stands at the end, after prompts of any length.
    for line in reversed(text.splitlines()):
        if "steps" in line.lower() and "seed" in line.lower():
            settings = _read_settings(line)
            if _is_run(settings):
                return line, settings
    return None


def _read_settings(line: str) -> dict[str, str]:
    return {key.strip().lower(): value.strip().strip('"') for key, value in _SETTING.findall(line)}


def _is_run(settings: dict[str, str]) -> bool:
    numbers = _STEPS.fullmatch(settings.get("steps", "")) and _SEED.fullmatch(settings.get("seed", ""))
    return bool(numbers) and not _RUN_SETTINGS.isdisjoint(settings)


def _program(settings: dict[str, str]) -> str:
    named = (name for key, pattern, name in _PROGRAMS if key in settings and pattern.fullmatch(settings[key]))
    return next(named, "")
