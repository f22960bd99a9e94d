from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def rows(text: str) -> dict[str, list[str]]:
    return {line.split()[0]: line.split() for line in text.splitlines() if line}


def test_it_shows_each_value_and_where_it_comes_from(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "work" / "scanner.toml"
    file.write_text("# house\nworkers = 2\nfail-on = 'blocked'\n[zones]\n'GFX/**' = 'graphics'\n", "utf-8")

    done = run("config", "show", "--format", "json", SCANNER_QUIET="1")

    assert (done.returncode, done.stderr) == (0, "")
    shown = rows(done.stdout)
    assert shown["configuration"][1] == "scanner.toml"
    assert len(shown["sha256"][1]) == 64
    assert shown["workers"] == ["workers", "2", "scanner.toml:2"]
    assert shown["fail-on"] == ["fail-on", "blocked", "scanner.toml:3"]
    assert shown["format"] == ["format", "json", "flag"]
    assert shown["quiet"] == ["quiet", "yes", "SCANNER_QUIET"]
    assert shown["learn"] == ["learn", "no", "default"]
    assert shown["zones"] == ["zones", "GFX/**", "=", "graphics", "scanner.toml:5"]


def test_without_a_file_it_says_where_one_is_looked_for(run: Run) -> None:
    done = run("config", "show")

    assert "configuration  none" in done.stdout
    assert "SCANNER_CONFIG, ./scanner.toml, " in done.stdout


def test_named_folders_are_taken_as_scanned(run: Run, tmp_path: Path) -> None:
    (tmp_path / "work" / "scanner.toml").write_text("workers = 2", "utf-8")

    done = run("config", "show", ".")

    assert "was not used" in done.stdout
    assert rows(done.stdout)["workers"][1:] == ["0", "default"]


def test_mistakes_are_wrong_usage(run: Run, tmp_path: Path) -> None:
    assert run("config", "show", "--config", "none.toml").returncode == 2
    assert run("config", "show", "--zone", "finel").returncode == 2
    assert run("config").returncode == 2
