"""Users' own mark files: every mistake is told with file, line, row and the nearest right name, before anything is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.interpret.catalogue import MarkCatalogue
from scanner.interpret.catalogue_lines import row_places
from scanner.model.errors import CatalogueError
from scanner.model.readings import Found, Reading, Statement

TWO_ROWS = """\
# Marks of the house
family = "House"

[[mark]]
id = "house-tool"
title = "House tool"
meaning = "generated"
confidence = "strong"
generator = "House"
fields = [
  "IFD0:Software",
  "XMP-xmp:CreatorTool",
]
values = ["House 1"]
why = "ours"
cannot_show = "more"
source = "us"
tests = [
  { field = "IFD0:Software", value = "House 1" },
  { field = "XMP-xmp:CreatorTool", value = "House 1" },
]
silent = [
  { field = "IFD0:Software", value = "House 12" },
]

[[mark]]
id = "house-look"
title = "House look"
meaning = "enhanced"
confidence = "weak"
fields = ["PNG:Comment"]
pattern = "house look \\\\d+"
why = "ours"
cannot_show = "more"
source = "us"
tests = [{ field = "PNG:Comment", value = "house look 7" }]

[[later]]
id = "house-seal"
reason = "needs its reader"
"""

WRONG = {
    "not TOML": (
        ('family = "House"', "family = House"),
        2,
        "not a TOML file",
    ),
    "no end": (
        ('reason = "needs its reader"', 'reason = """needs'),
        40,
        "not a TOML file",
    ),
    "key of file": (
        ('family = "House"', 'famly = "House"'),
        2,
        "unknown key 'famly'. Did you mean 'family'?",
    ),
    "key of row": (
        ('values = ["House 1"]', 'vlaues = ["House 1"]'),
        14,
        "mark 'house-tool': unknown key 'vlaues'. Did you mean 'values'?",
    ),
    "key of sample": (
        ('value = "house look 7"', 'valu = "house look 7"'),
        36,
        "mark 'house-look': unknown key 'valu'. Did you mean 'value'?",
    ),
    "key of later": (
        ("reason =", "raeson ="),
        40,
        "unknown key 'raeson'. Did you mean 'reason'?",
    ),
    "table": (
        ("[[later]]", "[[latr]]"),
        38,
        "unknown key 'latr'. Did you mean 'later'?",
    ),
    "meaning": (
        ('"enhanced"', '"enhancd"'),
        29,
        "mark 'house-look': 'enhancd' is no meaning. Did you mean 'enhanced'?",
    ),
    "confidence": (
        ('"weak"', '"week"'),
        30,
        "'week' is no confidence. Did you mean 'weak'?",
    ),
    "field": (
        ('  "XMP-xmp:CreatorTool",\n', '  "CreatorTool",\n'),
        12,
        "'CreatorTool' is no field. Write Group:Tag",
    ),
    "no matcher": (
        ('values = ["House 1"]\n', ""),
        4,
        "one matcher is needed, found 0. Give one of values",
    ),
    "two matchers": (
        ('fields = ["PNG:Comment"]', 'fields = ["PNG:Comment"]\npresent = true'),
        32,
        "found 2",
    ),
    "pattern": (
        ('"house look \\\\d+"', '"house look ("'),
        32,
        "does not compile",
    ),
    "structure": (
        ('pattern = "house look \\\\d+"', 'structure = "comfy-grap"'),
        32,
        "is no structure. Did you mean 'comfy-graph'?",
    ),
    "missing key": (
        ('why = "ours"\ncannot_show = "more"\nsource = "us"\ntests = [{', 'cannot_show = "more"\nsource = "us"\ntests = [{'),
        26,
        "'why' is missing",
    ),
    "kind of value": (
        ('generator = "House"', "generator = 7"),
        9,
        "'generator' must be text",
    ),
    "packaged id": (
        ('id = "house-look"', 'id = "iptc-dst-trained"'),
        27,
        "mark 'iptc-dst-trained' exists already in iptc.toml",
    ),
    "id of its own": (
        ('id = "house-look"', 'id = "house-tool"'),
        27,
        "mark 'house-tool' exists already",
    ),
    "id": (
        ('id = "house-look"', 'id = "house look"'),
        27,
        "an id is letters and digits",
    ),
    "test does not fire": (
        ('CreatorTool", value = "House 1"', 'CreatorTool", value = "House 2"'),
        20,
        "sample 2 of 'tests': it does not fire",
    ),
    "silent fires": (
        ('value = "House 12"', 'value = "House 1"'),
        23,
        "mark 'house-tool': sample 1 of 'silent': it fires and must not",
    ),
    "sample's meaning": (
        ('value = "house look 7"', 'value = "house look 7", meaning = "generated"'),
        36,
        "its meaning is 'enhanced' and must be 'generated'",
    ),
}


def load(tmp_path: Path, text: str) -> MarkCatalogue:
    path = tmp_path / "house.toml"
    path.write_text(text, "utf-8")
    return MarkCatalogue.load([path])


def test_the_right_file_loads_and_speaks(tmp_path):
    catalogue = load(tmp_path, TWO_ROWS)
    said = Found((Statement("PNG:Comment", "house look 12"),))
    assert [mark.id for mark in catalogue.find_marks(Reading("exiftool", "13", said))] == ["house-look"]
    assert "house-seal" in {later.id for later in catalogue.later}
    assert catalogue.sha256 != MarkCatalogue.load().sha256


@pytest.mark.parametrize(("change", "line", "says"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_told_with_its_line(tmp_path, change, line, says):
    assert TWO_ROWS.count(change[0]) == 1
    with pytest.raises(CatalogueError) as caught:
        load(tmp_path, TWO_ROWS.replace(*change))
    assert says in str(caught.value)
    assert caught.value.where == f"{tmp_path / 'house.toml'}:{line}"


def test_what_is_no_text_is_told_with_its_line(tmp_path):
    path = tmp_path / "house.toml"
    path.write_bytes(b"# one\n# two \xff\n")
    with pytest.raises(CatalogueError) as caught:
        MarkCatalogue.load([path])
    assert caught.value.where == f"{path}:2"


def test_an_id_that_a_packaged_row_answers_to_is_taken(tmp_path):
    other = next(other for row in MarkCatalogue.load().rows for other in row.also)
    with pytest.raises(CatalogueError, match="exists already"):
        load(tmp_path, TWO_ROWS.replace("house-tool", other))


def test_rows_in_another_writing_are_found_by_id():
    text = 'family = "x"\nmark = [\n  { id = "a" },\n  { id = "b" },\n]\n'
    assert [place.line_of() for place in row_places(text, "mark", ["a", "b"])] == [3, 4]
