from __future__ import annotations

import click
import pytest

from scanner.cli.option_types import ListedChoice, NameOrPath, Program, ZoneText, from_folder


@pytest.mark.parametrize("text", ["json,html", "json html", " json, html ,", "json\thtml"])
def test_words_are_listed_with_commas_or_spaces(text: str) -> None:
    assert ListedChoice(["json", "html"]).split_envvar_value(text) == ["json", "html"]


def test_zones_are_listed_as_paths_are() -> None:
    assert list(ZoneText().split_envvar_value("My Exports/**=final:GFX/**=graphics")) == [
        "My Exports/**=final",
        "GFX/**=graphics",
    ]


@pytest.mark.parametrize(
    ("kind", "text", "means"),
    [
        (click.Path(), "a.toml", "/etc/qc/a.toml"),
        (click.Path(), "../a.toml", "/etc/a.toml"),
        (click.Path(), "/a.toml", "/a.toml"),
        (click.Path(), "-", "-"),
        (NameOrPath(), "netflix-genai-2025", "netflix-genai-2025"),
        (NameOrPath(), "house.toml", "/etc/qc/house.toml"),
        (NameOrPath(), "./house", "/etc/qc/house"),
        (Program(), "exiftool", "exiftool"),
        (Program(), "bin/exiftool", "/etc/qc/bin/exiftool"),
        (click.STRING, "CONFIDENTIAL / Production X", "CONFIDENTIAL / Production X"),
    ],
)  # fmt: skip
def test_what_a_file_says_is_taken_from_its_folder(kind: click.ParamType, text: str, means: str) -> None:
    assert from_folder(kind, text, "/etc/qc") == means
