"""Completion, asked for as shells do."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.warm import WarmCommand
from tests.cli.warm_call import call


@pytest.fixture
def program(tmp_path: Path, warm: WarmCommand) -> Path:
    """A ``scanner`` to be found in PATH; returns its folder."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "scanner").write_text(f'#!/bin/sh\nexec {shlex.join(call(warm.place, "scanner"))} "$@"\n', "utf-8")
    (folder / "scanner").chmod(0o755)
    return folder


def completed(program: Path, environment: dict[str, str], folder: Path, *words: str) -> list[str]:
    """What bash offers for the last word, after it loaded the script that the command prints."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    script = """
source <(scanner completion bash) || exit 9
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
complete -p scanner | grep -q _scanner_completion || exit 8
compopt() { echo "compopt $*"; }
_scanner_completion scanner
printf '%s\\n' "${COMPREPLY[@]}"
"""
    done = subprocess.run(
        [bash, "--norc", "-c", script, "bash", "scanner", *words],
        env={**environment, "PATH": f"{program}:{os.environ['PATH']}"},
        cwd=folder, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["sc"], {"scan"}),
        (["library", "ex"], {"export"}),
        (["scan", "--fail-"], {"--fail-on"}),
        (["scan", "--fail-on", "b"], {"blocked"}),
        (["scan", "--format", ""], {"json", "html"}),
        (["explain", "iptc-dst-train"], {"iptc-dst-trained"}),
        (["completion", "z"], {"zsh"}),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_bash_completes(words: list[str], offered: set[str], program: Path, environment: dict[str, str], tmp_path: Path) -> None:
    assert offered <= set(completed(program, environment, tmp_path, *words))


def test_bash_completes_file_names(program: Path, environment: dict[str, str], tmp_path: Path) -> None:
    assert completed(program, environment, tmp_path, "scan", "--policy", "") == ["compopt", "-o", "default"]


def test_a_broken_configuration_does_not_disturb_completion(program: Path, environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "scanner.toml").write_text("broken", "utf-8")

    assert completed(program, environment, tmp_path, "scan", "--fail-on", "b") == ["blocked"]


@pytest.mark.parametrize(
    ("shell", "word"), [("bash", "complete -o nosort"), ("zsh", "#compdef scanner"), ("fish", "complete --no-files")]
)
def test_each_shell_has_its_script(run: Run, shell: str, word: str) -> None:
    done = run("completion", shell)

    assert (done.returncode, done.stderr) == (0, "")
    assert word in done.stdout
    assert "_SCANNER_COMPLETE" in done.stdout


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_script_is_read_by_its_shell(run: Run, shell: str, tmp_path: Path) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "script").write_text(run("completion", shell).stdout, "utf-8")

    assert subprocess.run([program, "-n", str(tmp_path / "script")], check=False).returncode == 0


def test_another_shell_is_wrong_usage(run: Run) -> None:
    assert run("completion", "tcsh").returncode == 2
