"""The engine of the mark catalogue: loading, matching by field, neighbours, order, names, and errors in users' files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.interpret.catalogue import MarkCatalogue, catalogue_sha256
from scanner.interpret.catalogue_file import check_together, read_catalogue
from scanner.interpret.row import SURENESS
from scanner.model.errors import CatalogueError
from scanner.model.marks import Confidence, Mark, Meaning
from scanner.model.protocols import Catalogue
from scanner.model.readings import VALUE_LIMIT, Failed, Found, NotFound, NotTried, Reading, Statement

CATALOGUE = MarkCatalogue.load()
RESEARCH = Path(__file__).parents[3] / "shared" / "marks.json"
TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
SOURCE_TYPE = "XMP-iptcExt:DigitalSourceType"

ROW = """
family = "House"
[[mark]]
id = "house-tool"
title = "House tool"
meaning = "generated"
confidence = "strong"
generator = "House"
fields = ["IFD0:Software"]
values = ["House 1"]
why = "ours"
cannot_show = "more"
source = "us"
"""


def find(*said: tuple[str, str], where: str = "file", catalogue: MarkCatalogue = CATALOGUE) -> tuple[Mark, ...]:
    statements = tuple(Statement(field, value, where) for field, value in said)
    return catalogue.find_marks(Reading("exiftool", "13.59", Found(statements)))


def ids(*said: tuple[str, str]) -> list[str]:
    return [mark.id for mark in find(*said)]


def test_implements_the_protocol():
    catalogue: Catalogue = MarkCatalogue.load()
    assert [card.id for card in catalogue.cards()] == sorted(card.id for card in catalogue.cards())
    assert len(catalogue.sha256) == 64
    assert catalogue.sha256 == CATALOGUE.sha256


def test_every_card_explains_itself():
    for card in CATALOGUE.cards():
        assert all((card.title, card.family, card.fields, card.pattern, card.why, card.cannot_show, card.source)), card.id


def test_later_rows_say_why():
    assert CATALOGUE.later
    assert all(later.reason for later in CATALOGUE.later)
    assert {later.id for later in CATALOGUE.later}.isdisjoint(row.id for row in CATALOGUE.rows)


@pytest.mark.skipif(not RESEARCH.is_file(), reason="the research list is not here")
def test_every_row_of_the_research_is_here_or_later():
    known = {row.id for row in CATALOGUE.rows} | {later.id for later in CATALOGUE.later}
    known |= {other for row in CATALOGUE.rows for other in row.also}
    assert {row["id"] for row in json.loads(RESEARCH.read_text())} - known == set()


def test_a_mark_keeps_its_evidence():
    (mark,) = find((SOURCE_TYPE, TRAINED), where="sidecar a.xmp")
    assert mark == Mark(
        id="iptc-dst-trained",
        meaning=Meaning.GENERATED,
        confidence=Confidence.DEFINITIVE,
        generator="",
        where=f"sidecar a.xmp, {SOURCE_TYPE}",
        value=TRAINED,
        reader="exiftool",
        reader_version="13.59",
        value_is_public=True,
    )


def test_long_values_are_cut_in_the_mark_and_matched_whole():
    prompt = "a " * VALUE_LIMIT + "\nSteps: 20, Sampler: Euler, Seed: 5"
    (mark,) = find(("PNG:Parameters", prompt))
    assert mark.value == prompt[:VALUE_LIMIT]


@pytest.mark.parametrize("outcome", [NotFound(), NotTried("no")])
def test_nothing_read_is_nothing_found(outcome):
    assert CATALOGUE.find_marks(Reading("exiftool", "1", outcome)) == ()


def test_a_failed_reading_keeps_the_marks_it_got():
    failed = Failed("truncated", (Statement(SOURCE_TYPE, TRAINED),))
    assert [mark.id for mark in CATALOGUE.find_marks(Reading("exiftool", "1", failed))] == ["iptc-dst-trained"]


def test_best_first_and_no_two_alike():
    said = [("XMP-iptcExt:AISystemVersionUsed", "1"), (SOURCE_TYPE, TRAINED), (SOURCE_TYPE, TRAINED), ("PNG:Hf-job-id", "1")]
    marks = find(*said)
    assert [mark.id for mark in marks] == ["iptc-dst-trained", "hfjobs", "iptc-ai-systemver"]
    assert marks == find(*reversed(said))


@pytest.mark.parametrize(
    "field", ["png:parameters", "PNG:PARAMETERS", "PNG:Parameters-de", "PNG:Parameters-x-default", "PNG-text:parameters"]
)
def test_field_names_are_matched_without_case_and_language(field):
    assert ids((field, "Steps: 20, Sampler: Euler, Seed: 5")) == ["a1111-png"]


def test_neighbours_count_only_in_the_same_place():
    guid = ("XMP-iptcExt:DigitalImageGUID", "123e4567-e89b-12d3-a456-426614174000")
    assert "mj-xmp" in ids(guid, (SOURCE_TYPE, TRAINED))
    apart = Found((Statement(*guid), Statement(SOURCE_TYPE, TRAINED, "sidecar a.xmp")))
    assert [mark.id for mark in CATALOGUE.find_marks(Reading("e", "1", apart))] == ["iptc-dst-trained"]


def test_a_general_row_leaves_a_value_to_the_row_that_knows_it():
    assert ids(("IFD0:Software", "Fooocus v2.4")) == ["fooocus-exif"]
    assert ids(("PNG:AIGC", '{"Label":"1"}')) == ["tc260-png"]


def test_generic_software_names_the_generator():
    (mark,) = find(("XMP-xmp:CreatorTool", "Midjourney 6.1"))
    assert (mark.id, mark.generator) == ("sw-generic-ai", "Midjourney")


def test_generator_of_tells_a_claim_from_a_name():
    dalle = CATALOGUE.generator_of("C2PA:SoftwareAgent", "DALL·E")
    sora = CATALOGUE.generator_of("C2PA:SoftwareAgent", "Sora")
    assert dalle is not None
    assert (dalle.name, dalle.by_itself, dalle.meaning, dalle.id) == (
        "OpenAI DALL·E",
        True,
        Meaning.GENERATED,
        "c2pa-openai-dalle",
    )
    assert sora is not None
    assert (sora.name, sora.by_itself) == ("OpenAI Sora", False)
    assert CATALOGUE.generator_of("C2PA:Signer", "Google LLC") is None
    assert CATALOGUE.generator_of("XMP-dc:Title", "Sora") is None


def test_extra_files_add_rows_and_change_the_digest(tmp_path):
    extra = tmp_path / "house.toml"
    extra.write_text(ROW)
    catalogue = MarkCatalogue.load([extra])
    assert [mark.id for mark in find(("IFD0:Software", "House 1"), catalogue=catalogue)] == ["house-tool"]
    assert find(("IFD0:Software", "House 12"), catalogue=catalogue) == ()
    assert catalogue.sha256 != CATALOGUE.sha256
    assert next(card for card in catalogue.cards() if card.id == "house-tool").family == "House"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("values = ", "vlaues = "), ["house-tool", "unknown key 'vlaues'", "'values'"]),
        (('"generated"', '"generate"'), ["house-tool", "'generate' is no meaning", "'generated'"]),
        (('"strong"', '"sure"'), ["house-tool", "'sure' is no confidence"]),
        (('values = ["House 1"]', 'structure = "comfy-grap"'), ["'comfy-grap' is no structure", "'comfy-graph'"]),
        (('values = ["House 1"]', 'pattern = "(x"'), ["house-tool", "does not compile"]),
        (('values = ["House 1"]', 'pattern = "x"\nmatch = "serch"'), ["'serch' is no way to match", "'search'"]),
        (('values = ["House 1"]', 'pattern = "x"\nvalues = ["y"]'), ["one matcher is needed, found 2"]),
        (('values = ["House 1"]', ""), ["one matcher is needed, found 0"]),
        (('values = ["House 1"]', "values = 3"), ["'values' must be a list of texts"]),
        (('values = ["House 1"]', "present = false"), ["'present' can only be true"]),
        (('values = ["House 1"]', 'terms = { x = "made" }'), ["'made' is no meaning"]),
        (('["IFD0:Software"]', "[]"), ["'fields' names no field"]),
        (('["IFD0:Software"]', '["Software"]'), ["'Software' is no field"]),
        (('["IFD0:Software"]', '["IFD0:*"]'), ["'IFD0:*' is no field"]),
        (('"house-tool"', '"House tool"'), ["an id is letters and digits"]),
        (('why = "ours"', ""), ["'why' is missing"]),
        (('source = "us"', 'source = "us"\nvendor_only = "yes"'), ["'vendor_only' must be true or false"]),
        (('source = "us"', 'source = "us"\nrequires = [{ field = "A:B", patern = "x" }]'), ["unknown key 'patern'", "'pattern'"]),
        (('source = "us"', 'source = "us"\ntests = [{ field = "A:B", valu = "x" }]'), ["unknown key 'valu'", "'value'"]),
        (("[[mark]]", "[[marks]]"), ["unknown key 'marks'", "'mark'"]),
        (("[[mark]]", "[mark]"), ["'mark' must be a list of tables"]),
        (('family = "House"', "family = "), ["not a TOML file"]),
    ],
)
def test_errors_name_the_file_the_row_and_the_nearest_right_name(tmp_path, change, says):
    broken = tmp_path / "house.toml"
    broken.write_text(ROW.replace(*change))
    with pytest.raises(CatalogueError) as error:
        MarkCatalogue.load([broken])
    assert error.value.where.startswith(f"{broken}:")
    assert error.value.exit_code == 2
    for words in says:
        assert words in str(error.value)


def test_a_missing_extra_file_is_a_catalogue_error(tmp_path):
    with pytest.raises(CatalogueError, match="cannot be read"):
        MarkCatalogue.load([tmp_path / "none.toml"])


def test_ids_are_not_reused(tmp_path):
    extra = tmp_path / "house.toml"
    extra.write_text(ROW.replace("house-tool", "iptc-dst-trained"))
    with pytest.raises(CatalogueError, match=r"exists already in iptc\.toml"):
        MarkCatalogue.load([extra])
    one = read_catalogue("one.toml", ROW.encode())
    with pytest.raises(CatalogueError):
        check_together([one, one])


def test_no_utf8_is_an_error_and_not_a_crash():
    with pytest.raises(CatalogueError, match="not a TOML file"):
        read_catalogue("x.toml", b"\xff\xfe")


FIELDS = sorted({field.replace("*:", "X:") for row in CATALOGUE.rows for field in row.fields})


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FIELDS), st.text(max_size=200)), max_size=5))
def test_no_value_can_raise_and_order_holds(said):
    marks = find(*said)
    sureness = [SURENESS[mark.confidence] for mark in marks]
    assert sureness == sorted(sureness, reverse=True)
    assert len(set(marks)) == len(marks)


def test_the_digest_is_known_without_loading(tmp_path: Path) -> None:
    assert catalogue_sha256() == MarkCatalogue.load().sha256


def test_the_fields_that_decide_if_a_statement_is_a_mark_are_known() -> None:
    pair = Statement("XMP-iptcExt:DigitalImageGUID", "3f2b8c1e-9d47-4a65-8e0b-7c5d1f6a2b90")
    assert CATALOGUE.neighbours_of(pair) == {"xmp-iptcext:digitalsourcetype"}
    assert CATALOGUE.neighbours_of(Statement(SOURCE_TYPE, TRAINED)) == frozenset()
    assert CATALOGUE.neighbours_of(Statement("PNG:Workflow", "no graph")) == frozenset()
