"""Flag, environment, file, default: every option of a scan, without listing them here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.core import ParameterSource

from scanner.cli.configuration import settable_options
from scanner.cli.configured import ConfiguredCommand, chosen_configuration
from scanner.cli.main import cli
from scanner.cli.option_types import NameOrPath, Program
from scanner.cli.scan import scan_command
from scanner.cli.scan_options import ScanChoices, key_of, options_of_a_scan
from scanner.model.errors import UsageError

OPTIONS = {key_of(option): option for option in options_of_a_scan()}
KEYS = sorted(OPTIONS)
FILE_KEYS = sorted(settable_options())


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, home and environment; returns the folder."""
    for name in [*(str(option.envvar) for option in OPTIONS.values())]:
        monkeypatch.delenv(name, raising=False)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    monkeypatch.chdir(work)
    return work


def outside(*arguments: str) -> click.Context:
    """Return the context of a scan of another folder than the working one."""
    return scan_command.make_context("scan", ["/nowhere", *arguments])


def sample(option: click.Option, number: int) -> Any:
    """A value of an option that is not its default: one of two."""
    if option.is_flag:
        return True
    if isinstance(option.type, click.Choice):
        return [word for word in option.type.choices if word != option.default][number]
    if isinstance(option.type, click.types.IntParamType):
        return number + 1
    if isinstance(option.type, click.Path | Program) and not isinstance(option.type, NameOrPath):
        return f"/some/where/{number}"
    if key_of(option) == "rate":
        return ("25", "30000/1001")[number]
    return ("final", "GFX/**=graphics")[number] if key_of(option) == "zone" else f"/text/{number}"


def value(ctx: click.Context, option: click.Option) -> Any:
    """What a command would get, in words and lists of words."""
    got = ctx.params[str(option.name)]
    if option.multiple:
        return [str(one) for one in got]
    return got if isinstance(got, bool | int) or got is None else str(got)


def wanted(option: click.Option, number: int) -> Any:
    one = sample(option, number)
    return [one] if option.multiple else one


def flags(option: click.Option, number: int) -> list[str]:
    return [option.opts[0]] if option.is_flag else [option.opts[0], str(sample(option, number))]


def environment(option: click.Option, number: int) -> str:
    return "1" if option.is_flag else str(sample(option, number))


@pytest.mark.parametrize("key", [key for key in KEYS if key != "config"])
def test_every_option_is_set_by_a_flag(key: str) -> None:
    assert value(outside(*flags(OPTIONS[key], 0)), OPTIONS[key]) == wanted(OPTIONS[key], 0)


@pytest.mark.parametrize("key", [key for key in KEYS if key != "config"])
def test_every_option_is_set_by_the_environment_and_a_flag_beats_it(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    option = OPTIONS[key]
    assert str(option.envvar).startswith("SCANNER_")
    monkeypatch.setenv(str(option.envvar), environment(option, 0))

    assert value(outside(), option) == wanted(option, 0)
    if not option.is_flag:
        assert value(outside(*flags(option, 1)), option) == wanted(option, 1)


@pytest.mark.parametrize("key", FILE_KEYS)
def test_every_option_is_set_by_the_file_and_the_environment_beats_it(
    key: str, alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    option = OPTIONS[key]
    (alone / "named.toml").write_text(f"{key} = {json.dumps(wanted(option, 0))}", "utf-8")

    found = outside("--config", "named.toml")
    assert value(found, option) == wanted(option, 0)
    assert found.get_parameter_source(str(option.name)) is ParameterSource.DEFAULT_MAP

    monkeypatch.setenv(str(option.envvar), "0" if option.is_flag else environment(option, 1))
    beaten = outside("--config", "named.toml")
    assert value(beaten, option) == (False if option.is_flag else wanted(option, 1))
    assert beaten.get_parameter_source(str(option.name)) is ParameterSource.ENVIRONMENT


def test_the_choices_have_a_key_for_every_option() -> None:
    assert set(ScanChoices.__annotations__) == {str(option.name) for option in OPTIONS.values()}


def test_environment_names_are_as_they_were_and_one_each() -> None:
    names = [str(option.envvar) for option in OPTIONS.values()]

    assert {f"SCANNER_{name}" for name in ("LIBRARY", "TRUST", "MARKS", "POLICY", "WORKERS", "EXIFTOOL", "CONFIG")} <= set(names)
    assert len(names) == len(set(names))
    assert "SCANNER_DEBUG" not in names


def test_lists_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCANNER_FORMAT", "json, html")
    monkeypatch.setenv("SCANNER_ZONE", "My Exports/**=final:GFX/**=graphics")
    monkeypatch.setenv("SCANNER_MARKS", "a.toml:b.toml")

    found = outside().params

    assert found["formats"] == ("json", "html")
    assert found["zones"] == ("My Exports/**=final", "GFX/**=graphics")
    assert found["marks"] == (Path("a.toml"), Path("b.toml"))


@pytest.mark.parametrize(("name", "text"), [("SCANNER_WORKERS", "many"), ("SCANNER_QUIET", "maybe"), ("SCANNER_FORMAT", "pdf")])
def test_a_wrong_environment_is_wrong_usage(name: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, text)

    with pytest.raises(click.UsageError):
        outside()


@pytest.mark.parametrize("one", [key for key in KEYS if f"no-{key}" in KEYS and key != "config"])
def test_of_two_that_exclude_each_other_the_stronger_stands(one: str, alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    option, other = OPTIONS[one], OPTIONS[f"no-{one}"]
    (alone / "scanner.toml").write_text(f"{one} = {json.dumps(wanted(option, 0))}", "utf-8")

    assert not value(outside(f"--no-{one}"), option), "the flag beats the file"
    monkeypatch.setenv(str(other.envvar), "1")
    assert not value(outside(), option), "the environment beats the file"
    assert value(outside(*flags(option, 1)), option) == wanted(option, 1), "the flag beats the environment"
    assert not value(outside(*flags(option, 1)), other)
    with pytest.raises(UsageError, match="exclude each other"):
        outside(*flags(option, 1), f"--no-{one}")


def test_a_file_that_contradicts_itself_is_named_with_its_line(alone: Path) -> None:
    (alone / "scanner.toml").write_text("\nno-library = true\nlibrary = 'a.sqlite'", "utf-8")

    with pytest.raises(UsageError, match=r"scanner\.toml:3"):
        outside()


def test_learning_of_the_file_yields_to_the_flag(alone: Path) -> None:
    (alone / "scanner.toml").write_text("learn = true", "utf-8")

    assert outside("--no-library").params["learn"] is False
    with pytest.raises(UsageError):
        outside("--no-library", "--learn")


def test_commands_that_share_a_setting_share_the_file(alone: Path) -> None:
    """Every option that names the environment variable of a scan's option also takes it from the file."""
    sharing = {str(option.envvar) for option in OPTIONS.values()}
    plain = [
        path
        for path, command in commands(cli)
        if not isinstance(command, ConfiguredCommand)
        and any(isinstance(one, click.Option) and one.envvar in sharing for one in command.params)
    ]

    assert not plain, "give them cls=ConfiguredCommand, or their group cls=ConfiguredGroup"


def test_the_library_commands_use_the_library_of_the_file(alone: Path) -> None:
    (alone / "scanner.toml").write_text("library = 'house.sqlite'\nfail-on = 'never'", "utf-8")
    command = next(one for path, one in commands(cli) if path == "library list")

    assert command.make_context("list", []).params["library"] == str(alone / "house.sqlite")


def test_help_reads_no_file(alone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (alone / "scanner.toml").write_text("broken", "utf-8")

    with pytest.raises(click.exceptions.Exit):
        outside("--help")
    assert "Reports:" in capsys.readouterr().out
    assert chosen_configuration(click.Context(scan_command)).configuration is None


def commands(group: click.Command, path: str = "") -> list[tuple[str, click.Command]]:
    """All commands with their path, groups left out."""
    if not isinstance(group, click.Group):
        return [(path, group)]
    ctx = click.Context(group)
    found = [(name, group.get_command(ctx, name)) for name in group.list_commands(ctx)]
    return [pair for name, one in found if one for pair in commands(one, f"{path} {name}".strip())]
