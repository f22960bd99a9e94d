"""Lines of keys and values are those where they stand, however a file is written."""

from __future__ import annotations

import json
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.tools.toml_places import syntax_line, toml_lines

TEXT = '''\
# final = "comment"
name = "x" # name
"quoted key" = 1
a.b."c.d" = 2

[rules.one]
final = "high"
text = """
final = 1
[rules.fake]
"""
dates = [ 1979-05-27 07:32:00, 07:32:00 ]

[rules.one.case]   # a case
final = \'\'\'it's
"""\'\'\'
list = [
  "a", # one
  "b]",
  { final = "x", "y z" = [
    1 ] },
]

[[principles]]
id = "P1"

[[principles]]
id = "P2"
[principles.sub]
final = true

[rules.two]
final = "low"
'''

WANTED = {
    ("name",): 2,
    ("quoted key",): 3,
    ("a",): 4,
    ("a", "b"): 4,
    ("a", "b", "c.d"): 4,
    ("rules",): 6,
    ("rules", "one"): 6,
    ("rules", "one", "final"): 7,
    ("rules", "one", "text"): 8,
    ("rules", "one", "dates"): 12,
    ("rules", "one", "dates", 0): 12,
    ("rules", "one", "dates", 1): 12,
    ("rules", "one", "case"): 14,
    ("rules", "one", "case", "final"): 15,
    ("rules", "one", "case", "list"): 17,
    ("rules", "one", "case", "list", 0): 18,
    ("rules", "one", "case", "list", 1): 19,
    ("rules", "one", "case", "list", 2): 20,
    ("rules", "one", "case", "list", 2, "final"): 20,
    ("rules", "one", "case", "list", 2, "y z"): 20,
    ("rules", "one", "case", "list", 2, "y z", 0): 21,
    ("principles",): 24,
    ("principles", 0): 24,
    ("principles", 0, "id"): 25,
    ("principles", 1): 27,
    ("principles", 1, "id"): 28,
    ("principles", 1, "sub"): 29,
    ("principles", 1, "sub", "final"): 30,
    ("rules", "two"): 32,
    ("rules", "two", "final"): 33,
}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_key_stands_where_it_is_written(end):
    text = TEXT.replace("\n", end)
    tomllib.loads(text)
    assert toml_lines(text) == WANTED


def test_a_file_of_nothing_has_no_place():
    assert toml_lines("") == {}
    assert toml_lines("# only this") == {}


def test_a_very_long_name_is_refused_and_not_kept_a_thousandfold():
    with pytest.raises(RecursionError):
        toml_lines(".".join("a" * 1000) + " = 1")


@pytest.mark.parametrize(
    ("content", "line"), [(b"a = 1\nb = \n", 2), (b"a = 1\nb = '''x", 2), (b"a = 1\n\n# \xe9\n", 3), (b"a = 1\na = 2", 2)]
)
def test_the_line_at_which_a_file_stops_being_toml(content, line):
    with pytest.raises((tomllib.TOMLDecodeError, UnicodeDecodeError)) as caught:
        tomllib.loads(content.decode())
    assert syntax_line(caught.value, content) == line


def quoted(text):
    return json.dumps(text, ensure_ascii=True).replace("\x7f", "\\u007f")


words = st.text(st.characters(exclude_categories=("Cs",)), max_size=6)
keys = st.one_of(st.from_regex(r"[A-Za-z0-9_-]{1,4}", fullmatch=True), words.map(quoted))
scalars = st.one_of(
    words.map(quoted),
    st.sampled_from(
        ["''", "'''a\n''b'''", '"""a"""""', '"""\n"quoted" \\\n  on"""', "1979-05-27 07:32:00Z", "-inf", "0x1F", "true"]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda some: "[\n" + ",  # ]\n".join(some) + "\n]"),
        st.dictionaries(keys, inner, max_size=3).map(
            lambda table: "{ " + ", ".join(f"{key} = {one}" for key, one in table.items()) + " }"
        ),
    ),
    max_leaves=6,
)
headers = st.lists(keys, min_size=1, max_size=3).flatmap(
    lambda path: st.sampled_from([f"[{'.'.join(path)}]", f"[[ {' . '.join(path)} ]]", f" [ {'.'.join(path)} ] # x"])
)
pairs = st.tuples(st.lists(keys, min_size=1, max_size=2), values).map(lambda pair: f"{'.'.join(pair[0])} = {pair[1]}")
documents = st.lists(st.one_of(headers, pairs, st.sampled_from(["", "# [x] = 1"])), max_size=8).map("\n".join)


def paths(value, path=()):
    found = {path} if path else set()
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        found |= paths(inner, (*path, key))
    return found


@settings(max_examples=400, deadline=None)
@given(documents)
def test_what_has_a_line_is_what_the_file_says(text):
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = toml_lines(text)
    assert set(lines) == paths(tables)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())
