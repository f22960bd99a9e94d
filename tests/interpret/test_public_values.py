"""Which values reports may tell unasked: those of a fixed kind, never free text."""

from __future__ import annotations

import pytest

from scanner.interpret.catalogue import MarkCatalogue
from scanner.interpret.catalogue_file import read_catalogue
from scanner.interpret.content_credentials import find_credential_marks
from scanner.model.credentials import Action, Credentials, Manifest, ManifestStore
from scanner.model.errors import CatalogueError
from scanner.model.readings import Found, Reading, Statement

CATALOGUE = MarkCatalogue.load()
FREE_TEXT = {
    *("Description", "ImageDescription", "Caption-Abstract", "UserComment", "Comment", "XPComment", "Parameters", "Prompt"),
    *("Workflow", "Title", "Subject", "Keywords", "Artist", "AIPromptInformation", "AIPromptWriterName", "UsageTerms", "Dream"),
    *("Model", "DocumentName", "Text", "Generation_data", "Metadata", "AIGC"),
}


def test_no_public_row_looks_at_a_field_for_free_text_unless_it_knows_each_value():
    open_rows = [
        card for card in CATALOGUE.cards() if card.value_is_public and card.pattern.startswith(("full:", "start:", "search:"))
    ]
    open_rows += [card for card in CATALOGUE.cards() if card.value_is_public and card.pattern == "present"]
    assert open_rows
    assert not [card.id for card in open_rows if FREE_TEXT & {field.partition(":")[2] for field in card.fields}]


@pytest.mark.parametrize(
    "field", ["XMP-iptcExt:AIPromptInformation", "XMP-iptcExt:AIPromptWriterName", "PNG:SDprompt", "PNG:Moldprompt"]
)
def test_prompts_and_writers_are_not_public(field):
    marks = CATALOGUE.find_marks(Reading("exiftool", "13", Found((Statement(field, "a harbour at dusk"),))))
    assert marks
    assert not [mark for mark in marks if mark.value_is_public]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("XMP-iptcExt:DigitalSourceType", "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"),
        ("PNG:Title", "NovelAI generated image"),
        ("XMP-photoshop:Credit", "Made with Google AI"),
    ],
)
def test_terms_and_products_are(field, value):
    marks = CATALOGUE.find_marks(Reading("exiftool", "13", Found((Statement(field, value),))))
    assert [mark.value_is_public for mark in marks] == [True]


def test_a_generator_named_by_its_agent_is():
    store = ManifestStore("m", (Manifest("m", "x", actions=(Action("c2pa.created", software_agent="GPT-4o"),)),))
    [mark] = find_credential_marks(store, Credentials.VALID, CATALOGUE, "c2pa", "1")
    assert (mark.value, mark.value_is_public) == ("GPT-4o", True)


ROW = """[[mark]]
id = "own"
title = "t"
meaning = "generated"
confidence = "strong"
fields = ["IFD0:Software"]
{matcher}
why = "w"
cannot_show = "c"
source = "s"
"""


@pytest.mark.parametrize(
    ("matcher", "public"),
    [
        ('values = ["House 1"]', True),
        ("pattern = 'House .*'", False),
        ("pattern = 'House .*'\npublic = true", True),
        ("present = true", False),
    ],
)
def test_a_users_row_says_so_itself_where_it_does_not_know_each_value(matcher, public):
    [row] = read_catalogue("own.toml", ROW.format(matcher=matcher).encode()).rows
    assert row.value_is_public is public


def test_the_flag_is_true_or_false():
    with pytest.raises(CatalogueError, match="'public' must be true or false"):
        read_catalogue("own.toml", ROW.format(matcher='values = ["a"]\npublic = "yes"').encode())
