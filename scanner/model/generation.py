"""What an asset says of how it was generated, for the GenAI cue sheet. Never evidence by itself: marks are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GenerationNote:
    """One tool's note on one asset; texts are as the file has them, cut to readings.VALUE_LIMIT, empty where it says nothing."""

    tool: str = ""
    tool_version: str = ""
    prompt: str = ""
    prompt_writer: str = ""
    """A person's name: withheld from reports unless asked for, as the prompt is."""
    made: str = ""
    """When it was generated, as the file has it."""
    where: str = ""
    """Field that the prompt, or else the tool, was read from: ``file, PNG:Parameters``."""


NO_NOTE = GenerationNote()
"""What an asset says that says nothing of how it was generated."""
