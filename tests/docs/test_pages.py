"""The generated pages are those that are committed, and say everything there is to say."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from scanner.cli.main import cli
from scanner.cli.scan_options import options_of_a_scan
from scanner.judge.rules.registry import ALL_RULES
from scanner.probe.formats import ALL

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "make_docs.py"

pytestmark = pytest.mark.skipif(not SCRIPT.is_file(), reason="only in a clone of the repository")


@pytest.fixture(scope="module")
def make_docs():
    spec = importlib.util.spec_from_file_location("make_docs", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_committed_page_is_out_of_date(make_docs):
    assert make_docs.outdated() == [], "run: python scripts/make_docs.py"


def test_every_rule_has_a_section_with_what_it_cannot_show_and_its_examples(make_docs):
    page = make_docs.GENERATED[ROOT / "docs/rules.md"]()
    sections = {part.partition("\n")[0]: part for part in re.split(r"^## ", page, flags=re.MULTILINE)[1:]}

    assert list(sections) == [rule.CARD.id for rule in ALL_RULES]
    for rule in ALL_RULES:
        section = sections[rule.CARD.id]
        assert rule.CARD.cannot_show in section
        assert section.count("→") == len(rule.EXAMPLES)
        assert all(f"`{case}`" in section for case in rule.CASES)


def test_every_format_is_in_one_table(make_docs):
    page = make_docs.GENERATED[ROOT / "docs/formats.md"]()

    assert sorted(re.findall(r"^\| `([^`]+)`", page, re.MULTILINE)) == sorted(one.name for one in ALL)
    assert all(one.limits in page for one in ALL if one.kind.is_media)


@pytest.mark.parametrize("name", ["docs/rules.md", "docs/formats.md", "docs/words.md", "docs/configuration.md"])
def test_no_table_breaks(make_docs, name):
    page = make_docs.GENERATED[ROOT / name]()
    for block in re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1, block


def test_every_setting_is_on_the_page_of_configuration(make_docs):
    page = make_docs.GENERATED[ROOT / "docs/configuration.md"]()

    for option in options_of_a_scan():
        assert f"| `{option.opts[0]}` | `{option.envvar}` |" in page


def test_the_manual_page_has_every_command_and_option(make_docs):
    page = make_docs.GENERATED[ROOT / "docs/man/scanner.1"]()

    for path, command in commands(cli, "scanner"):
        assert ".SS {} [OPTIONS]".format(path.replace("-", "\\-")) in page
        for option in command.params:
            assert not isinstance(option, click.Option) or option.opts[0].replace("-", "\\-") in page


def test_the_manual_page_is_right_roff():
    if shutil.which("man") is None or shutil.which("groff") is None:
        pytest.skip("man and groff are not installed")
    done = subprocess.run(
        ["man", "--warnings", "-l", str(ROOT / "docs" / "man" / "scanner.1")],
        capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin", "MANWIDTH": "80", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    for word in ("NAME", "EXIT STATUS", "--fail-on", "SCANNER_FAIL_ON", "'GFX/**=graphics'"):
        assert word in done.stdout


def test_links_between_pages_lead_somewhere():
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]

    assert not broken


def commands(group: click.Command, path: str) -> list[tuple[str, click.Command]]:
    if not isinstance(group, click.Group):
        return [(path, group)]
    ctx = click.Context(group)
    found = [(name, group.get_command(ctx, name)) for name in group.list_commands(ctx)]
    return [pair for name, one in found if one for pair in commands(one, f"{path} {name}")]
