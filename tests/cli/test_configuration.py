"""The file itself: what may stand in it, and what is said of a mistake."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from scanner.cli.configuration import read_configuration, settable_options
from scanner.cli.scan_options import options_of_a_scan
from scanner.model.errors import UsageError
from scanner.model.judging import Zone

WHOLE = """\
# of the house
policy = "policies/house.toml"
format = ["json", "html"]
fail-on = "blocked"
workers = 2
allow-incomplete = true
exiftool = "exiftool"
marks = "marks.toml"

[zones]
"GFX/**" = "graphics"
"My Exports/**" = "final"
"""


def written(folder: Path, text: str) -> str:
    path = folder / "scanner.toml"
    path.write_text(text, "utf-8")
    return str(path)


def test_a_whole_file(tmp_path: Path) -> None:
    found = read_configuration(written(tmp_path, WHOLE), named=True)

    assert found.sha256 == hashlib.sha256(WHOLE.encode()).hexdigest()
    assert found.values == {
        "policy": str(tmp_path / "policies" / "house.toml"),
        "formats": ["json", "html"],
        "fail_on": "blocked",
        "workers": 2,
        "allow_incomplete": True,
        "exiftool": "exiftool",
        "marks": [str(tmp_path / "marks.toml")],
    }
    assert (found.lines["policy"], found.lines["workers"]) == (2, 5)
    assert [(glob.pattern, glob.zone, glob.origin) for glob in found.zones] == [
        ("GFX/**", Zone.GRAPHICS, "scanner.toml"),
        ("My Exports/**", Zone.FINAL, "scanner.toml"),
    ]


def test_every_option_of_a_scan_is_settable_but_those_that_choose_the_file() -> None:
    missing = {option.name for option in options_of_a_scan()} - {option.name for option in settable_options().values()}

    assert missing == {"config", "no_config", "zones"}, "zones are a table of their own"


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ('exiftool = "exiftool"', "exiftool"),
        ('exiftool = "bin/exiftool"', "{folder}/bin/exiftool"),
        ('exiftool = "/opt/exiftool"', "/opt/exiftool"),
        ('policy = "default"', "default"),
        ('policy = "house.toml"', "{folder}/house.toml"),
        ('policy = "../house"', "{parent}/house"),
        ('library = "library"', "{folder}/library"),
        ('output = "-"', "-"),
        ('output = "qc"', "{folder}/qc"),
    ],
)
def test_paths_start_at_the_file_and_names_stay_names(tmp_path: Path, text: str, means: str) -> None:
    found = read_configuration(written(tmp_path, text), named=True)

    assert list(found.values.values()) == [means.format(folder=tmp_path, parent=tmp_path.parent)]


def test_a_file_where_a_name_could_stand_is_a_path(tmp_path: Path) -> None:
    (tmp_path / "house").touch()

    assert read_configuration(written(tmp_path, 'policy = "house"'), named=True).values == {"policy": str(tmp_path / "house")}


def test_a_tilde_is_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/qc")

    assert read_configuration(written(tmp_path, 'trust = "~/trust.toml"'), named=True).values == {"trust": "/home/qc/trust.toml"}


def test_a_byte_order_mark_and_dos_line_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / "scanner.toml").write_bytes("\ufeffworkers = 2\r\n".encode())

    assert read_configuration(str(tmp_path / "scanner.toml"), named=True).values == {"workers": 2}


def test_an_empty_file_sets_nothing(tmp_path: Path) -> None:
    assert read_configuration(written(tmp_path, ""), named=True).values == {}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("workers = ", 1, "no valid TOML"),
        ("\n\npolicy = \"a\"\npolicy = \"b\"", 4, "no valid TOML"),
        ("polcy = 'x.toml'", 1, "Did you mean 'policy'?"),
        ("# fail_on = 1\nfail_on = 'blocked'", 2, "Did you mean 'fail-on'?"),
        ("formats = ['json']", 1, "Did you mean 'format'?"),
        ("zone = 'final'", 1, '[zones]'),
        ("zebra = 1", 1, "Known are: output, format"),
        ("config = 'other.toml'", 1, "there is no setting"),
        ("help = true", 1, "there is no setting"),
        ("[scan]\nworkers = 2", 1, "in no table"),
        ("fail-on = 'bloked'", 1, "Did you mean 'blocked'?"),
        ("format = [\n  'json',\n  'htm',\n]", 3, "Did you mean 'html'?"),
        ("format = [['json']]", 1, "must be a text"),
        ("workers = '2'", 1, "must be a whole number"),
        ("workers = true", 1, "must be a whole number"),
        ("workers = 1.5", 1, "must be a whole number"),
        ("workers = 300", 1, "300 is not in the range"),
        ("quiet = 'yes'", 1, "must be true or false"),
        ("quiet = 1", 1, "must be true or false"),
        ("policy = 7", 1, "must be a text"),
        ("policy = ['a', 'b']", 1, "must be a text"),
        ("zones = 'final'", 1, "no table"),
        ("quiet = true\n[zones]\n'GFX/**' = 'grafics'", 3, "Did you mean 'graphics'?"),
        ("[zones]\n'GFX/**' = 1", 2, "is no text"),
        ("[zones]\n'/GFX//**' = 'final'", 2, "glob"),
        ("[zones]\n'GFX/**' = 'graphics'\npolicy = 'x.toml'", 3, "Move it above [zones]"),
        ("[zones]\n'GFX/**' = 'graphics'\nworkers = 2", 3, "above [zones]"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_the_nearest_right_name(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = written(tmp_path, text)

    with pytest.raises(UsageError) as told:
        read_configuration(path, named=True)

    assert said in str(told.value)
    assert str(told.value).startswith(f"{path}:{line}: ")
    assert "\n" not in str(told.value)
    assert told.value.exit_code == 2


@pytest.mark.parametrize("content", [b"\xff\xfe = 1", b"a" * ((1 << 20) + 1), b'policy = "\x1b[31m"'])
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "scanner.toml").write_bytes(content)

    with pytest.raises(UsageError) as told:
        read_configuration(str(tmp_path / "scanner.toml"), named=True)

    assert str(told.value).isprintable()


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(UsageError, match="cannot be read"):
            read_configuration(str(path), named=True)


def test_a_file_that_merely_lay_there_names_no_program(tmp_path: Path) -> None:
    path = written(tmp_path, "exiftool = 'bin/exiftool'")

    with pytest.raises(UsageError, match="--config"):
        read_configuration(path, named=False)


def test_a_file_that_merely_lay_there_names_no_cluster(tmp_path: Path) -> None:
    path = written(tmp_path, "engine = 'dask:farm.example:8786'")

    with pytest.raises(UsageError, match="names a cluster"):
        read_configuration(path, named=False)
    assert read_configuration(path, named=True).values["engine"] == "dask:farm.example:8786"
    assert read_configuration(written(tmp_path, "engine = 'local'"), named=False).values["engine"] == "local"


def test_keys_that_steer_a_terminal_are_escaped(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as told:
        read_configuration(written(tmp_path, '"\\u001b[31mred" = 1'), named=True)

    assert str(told.value).isprintable()
