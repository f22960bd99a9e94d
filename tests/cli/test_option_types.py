from __future__ import annotations

import click
import pytest

from scanner.cli.option_types import CollectionName, LibraryPlace, ListedChoice, NameOrPath, Program, ZoneText, from_folder


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
        (LibraryPlace(), "qc.sqlite", "/etc/qc/qc.sqlite"),
        (LibraryPlace(), "postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        (click.Path(), "postgresql://u@h/d", "/etc/qc/postgresql:/u@h/d"),
        (click.STRING, "CONFIDENTIAL / Production X", "CONFIDENTIAL / Production X"),
    ],
)  # fmt: skip
def test_what_a_file_says_is_taken_from_its_folder(kind: click.ParamType, text: str, means: str) -> None:
    assert from_folder(kind, text, "/etc/qc") == means


def test_collections_are_listed_as_paths_are() -> None:
    assert list(CollectionName().split_envvar_value("Season 1:Archive 2026")) == ["Season 1", "Archive 2026"]


@pytest.mark.parametrize(("text", "kept"), [(" Season 1 ", "Season 1"), ("ü✓", "ü✓"), ("x" * 80, "x" * 80)])
def test_names_of_collections(text: str, kept: str) -> None:
    assert CollectionName().convert(text, None, None) == kept


@pytest.mark.parametrize("text", ["", "  ", "a\nb", "x" * 81, "\u202eabc", "\x1b[31m", "a\udcff"])
def test_what_is_no_name_of_a_collection(text: str) -> None:
    with pytest.raises(click.BadParameter, match="one line of 1 to 80 characters"):
        CollectionName().convert(text, None, None)
