"""``scanner match``: what one picture is to another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.pipeline.test_alterations import altered, graded
from tests.pipeline.test_matching import photograph


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    a, b = tmp_path / "still.jpg", tmp_path / "print.png"
    graded(altered(photograph(1))).save(a, quality=80)
    photograph(1).save(b)
    return str(a), str(b)


def test_the_stages_in_words(run: Run, pair: tuple[str, str]) -> None:
    done = run("match", *pair)
    labels = [line[:9].strip() for line in done.stdout.splitlines() if line[:9].strip()]
    assert (done.returncode, labels) == (0, ["A", "B", "Bytes", "Pixels", "Hash", "Points", "Lies", "Regions", "So"])
    assert done.stdout.splitlines()[-1].startswith("So       A differs in ")
    assert "B fills 100 % of A, which shows 100 % of B" in done.stdout


def test_the_same_for_programs(run: Run, pair: tuple[str, str]) -> None:
    told = json.loads(run("match", *pair, "--format", "json").stdout)
    assert (told["relation"], told["equal_bytes"]) == ("altered", False)
    assert len(told["alteration"]["boxes"]) == 1
    assert told["asset"]["path"] == pair[0]


def test_a_page_shows_the_two_laid_over_each_other(run: Run, pair: tuple[str, str], tmp_path: Path) -> None:
    page = tmp_path / "pair.html"
    done = run("match", *pair, "--page", str(page), "--quiet")
    text = page.read_text("utf-8")
    assert done.returncode == 0
    assert text.count("data:image/jpeg;base64,") == 2
    assert text.count("data:image/png;base64,") == 1
    assert "<h1>A differs in " in text


def test_nothing_of_a_name_becomes_markup(run: Run, pair: tuple[str, str], tmp_path: Path) -> None:
    hostile = tmp_path / "<img src=x onerror=alert(1)>.png"
    Path(pair[1]).rename(hostile)
    page = tmp_path / "pair.html"
    assert run("match", pair[0], str(hostile), "--page", str(page)).returncode == 0
    assert "<img src=x" not in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("missing.png",), "missing.png: cannot be looked at: No such file or directory"),
        (("{b}", "--page", "pair.png"), "pair.png: is no name of a page"),
    ],
)
def test_mistakes_are_one_line(run: Run, pair: tuple[str, str], arguments: tuple[str, ...], said: str) -> None:
    done = run("match", pair[0], *(each.replace("{b}", pair[1]) for each in arguments))
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_page_that_cannot_be_written_is_told(run: Run, pair: tuple[str, str], tmp_path: Path) -> None:
    done = run("match", *pair, "--page", str(tmp_path / "none" / "pair.html"))
    assert done.returncode == 1
    assert "pair.html: cannot be written" in done.stderr
