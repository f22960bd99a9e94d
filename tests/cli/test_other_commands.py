from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run, generated, noise


def test_help_and_version_name_the_commands(run: Run) -> None:
    done = run("--help")

    assert done.returncode == 0
    assert all(name in done.stdout for name in ("scan", "library", "explain", "doctor"))
    assert run("--version").returncode == 0


def test_doctor_says_versions_and_proves_that_everything_starts(run: Run) -> None:
    done = run("doctor")

    assert done.returncode == 0
    assert "exiftool" in done.stdout
    assert "a picture was read by every reader" in done.stdout


def test_doctor_tells_a_missing_exiftool(run: Run) -> None:
    done = run("doctor", "--exiftool", "no-such-exiftool")

    assert done.returncode == 1
    assert "MISSING" in done.stdout


def test_a_missing_exiftool_is_told_before_anything_is_read(run: Run, delivery: Path) -> None:
    done = run("scan", "--exiftool", "no-such-exiftool", str(delivery))

    assert done.returncode == 1
    assert "apt install libimage-exiftool-perl" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "name", ["iptc-dst-trained", "ai-declared", "blocked", "final", "generated", "trusted", "jpeg", "exit-codes"]
)
def test_explain_knows_every_kind_of_word(run: Run, name: str) -> None:
    done = run("explain", name)

    assert done.returncode == 0, done.stderr
    assert len(done.stdout) > 80


def test_explain_suggests_the_nearest_name(run: Run) -> None:
    done = run("explain", "iptc-dst-traned")

    assert done.returncode == 2
    assert "iptc-dst-trained" in done.stderr


def test_a_stripped_copy_of_a_known_temporary_is_blocked_and_a_resized_one_reviewed(
    run: Run, delivery: Path, tmp_path: Path
) -> None:
    generated(delivery / "temp" / "idea.png")
    stripped = noise(2)
    stripped.save(delivery / "final" / "stripped.png")
    library = str(tmp_path / "library.sqlite")

    assert run("library", "add", "--role", "ai", "--library", library, str(delivery / "temp")).returncode == 0
    listed = run("library", "list", "--library", library)
    done = run("scan", "--library", library, str(delivery))

    assert listed.stdout.count("ai ") == 1
    assert done.returncode in (10, 11)
    assert "stripped.png" in done.stdout


def test_adding_twice_changes_nothing(run: Run, delivery: Path, tmp_path: Path) -> None:
    library = str(tmp_path / "library.sqlite")
    run("library", "add", "--role", "owned", "--library", library, str(delivery))

    again = run("library", "add", "--role", "owned", "--library", library, str(delivery))

    assert again.stdout.startswith("0 added")


def test_the_library_is_refused_inside_what_it_is_made_of(run: Run, delivery: Path) -> None:
    done = run("library", "add", "--role", "ai", "--library", str(delivery / "l.sqlite"), str(delivery))

    assert done.returncode == 2
    assert not (delivery / "l.sqlite").exists()
