"""Wrong policy files of a stranger: each is refused with useful messages, all at once, each with its line."""

import os
import re
import tomllib
from pathlib import Path

import pytest

from scanner.crawl.globs import compile_glob
from scanner.judge.policy import load_policy
from scanner.judge.policy.mistakes import WrongPolicy
from scanner.judge.policy.sources import LONGEST_BYTES
from scanner.model.errors import CatalogueError

FOLDER = Path(__file__).parent / "wrong"
EXPECTED = tomllib.loads((FOLDER / "expected.toml").read_text("utf-8"))
RIGHT_ALONE = {f"deep-{number}" for number in range(3, 10)}
"""Links of the chain that is too long: each is right by itself."""


@pytest.fixture(autouse=True)
def in_their_folder(monkeypatch):
    monkeypatch.chdir(FOLDER)


def messages(name):
    with pytest.raises(CatalogueError) as caught:
        load_policy(name, compile_glob)
    assert caught.value.exit_code == 2
    return [str(one) for one in getattr(caught.value, "mistakes", [caught.value])]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_wrong_file_gives_its_messages(name):
    assert messages(f"{name}.toml") == EXPECTED[name]


def test_every_file_of_the_folder_is_one_of_them():
    assert len(EXPECTED) >= 30
    names = {path.stem for path in FOLDER.glob("*.toml")} - {"expected"}
    assert names == set(EXPECTED) | RIGHT_ALONE


@pytest.mark.parametrize("name", EXPECTED)
def test_a_message_is_one_line_with_file_and_next_step(name):
    for message in EXPECTED[name]:
        assert message.isprintable()
        assert re.match(r"[a-z0-9-]+\.toml(?::\d+)?: ", message)
        assert message.endswith((".", "?"))
        assert message.count(". ") >= 1, "no next step"


@pytest.mark.parametrize("name", EXPECTED)
def test_the_line_is_one_of_the_file(name):
    for file, line in re.findall(r"^(\S+\.toml):(\d+): ", "\n".join(EXPECTED[name]), re.MULTILINE):
        assert 1 <= int(line) <= Path(file).read_bytes().count(b"\n") + 1


def test_the_error_of_a_scan_says_the_first_and_how_many_more():
    with pytest.raises(WrongPolicy) as caught:
        load_policy("several.toml", compile_glob)
    first, *more = EXPECTED["several"]
    assert str(caught.value) == f"{first} {len(more)} more mistakes: `scanner policy check` tells all."
    with pytest.raises(WrongPolicy) as alone:
        load_policy("rule-misspelt.toml")
    assert str(alone.value) == EXPECTED["rule-misspelt"][0]


def test_a_huge_file(tmp_path):
    path = tmp_path / "huge.toml"
    path.write_bytes(b"#" * (LONGEST_BYTES + 1))
    assert messages(str(path)) == [f"{path}: is larger than 256 KiB; no policy is. Is it the right file?"]
    path.write_bytes(b'name = "x"\nextends = "default"\n' + b"#" * (LONGEST_BYTES - 31))
    assert load_policy(str(path)).name == "x"


def test_a_folder(tmp_path):
    (tmp_path / "folder.toml").mkdir()
    assert messages(f"{tmp_path}/folder.toml") == [
        f"{tmp_path}/folder.toml: is a folder, not a policy file. Name the file in it."
    ]


def test_a_missing_file():
    assert messages("netflix-genai-2025.toml") == [
        "netflix-genai-2025.toml: there is no such policy file. The shipped policy is named 'netflix-genai-2025', without .toml."
    ]
    assert messages("nowhere/x.toml") == [
        "nowhere/x.toml: there is no such policy file. `scanner policy list` names the shipped ones."
    ]


def test_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    assert messages(f"{tmp_path}/pipe.toml") == [f"{tmp_path}/pipe.toml: is no regular file. Name a policy file (TOML)."]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('name = "x"\n')
    path.chmod(0)
    assert messages(str(path)) == [f"{path}: cannot be read: Permission denied. May you read it?"]


def test_a_link_that_leads_to_itself(tmp_path):
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    with pytest.raises(CatalogueError, match=r"loop\.toml: (is no regular file|cannot be read)"):
        load_policy(tmp_path / "loop.toml")


def test_a_name_with_a_line_feed(tmp_path):
    (tmp_path / "a\nb.toml").write_text("name = 1\n")
    assert messages(f"{tmp_path}/a\nb.toml")[0] == f"{tmp_path}/a\\nb.toml:1: 'name' is no text. Write name = \"…\"."
