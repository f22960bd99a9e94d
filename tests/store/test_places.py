from __future__ import annotations

import pytest

from scanner.store.places import default_library_path, is_address, library_name, reports_fallback_folder, shown_place


@pytest.fixture
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    return tmp_path


def test_linux(home):
    assert default_library_path() == f"{home}/.local/share/media-provenance-scanner/library.sqlite"
    assert reports_fallback_folder() == f"{home}/.local/share/media-provenance-scanner/reports"


def test_macos(home, monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    assert default_library_path() == f"{home}/Library/Application Support/media-provenance-scanner/library.sqlite"


def test_named(home, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", "/srv/shares")
    assert default_library_path() == "/srv/shares/media-provenance-scanner/library.sqlite"


@pytest.mark.parametrize("named", ["", "relative/folder"])
def test_a_relative_one_is_ignored(home, monkeypatch, named):
    monkeypatch.setenv("XDG_DATA_HOME", named)
    assert default_library_path().startswith(str(home))


@pytest.mark.parametrize("place", ["postgresql://h/d", "postgres://h/d", "postgresql+psycopg:///d", "POSTGRESQL://h/d"])
def test_addresses(place):
    assert is_address(place)


@pytest.mark.parametrize("place", ["library.sqlite", "/srv/postgresql/l.sqlite", "postgresql:", "sqlite:///l", "http://h/d", ""])
def test_paths(place):
    assert not is_address(place)


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("postgresql+psycopg://ines:secret@db.example:5433/archive", "postgresql://db.example:5433/archive"),
        ("postgres://ines@db/archive?password=secret&sslmode=require", "postgresql://db/archive"),
        ("postgresql://ines:se@secret@db/archive", "postgresql://db/archive"),
        ("postgresql://ines:se/secret@db/archive", "postgresql://…"),
        ("postgresql://ines:se?secret@db/archive", "postgresql://…"),
        ("postgresql://ines:#secret@db/archive", "postgresql://…"),
        ("postgresql://db/a?password=a@secret", "postgresql://…"),
        ("postgresql://db?password=a@secret", "postgresql://…"),
        ("postgresql://ines:secret@[::1]:5432/archive", "postgresql://[::1]:5432/archive"),
        ("postgresql:///archive?host=/run/postgresql", "postgresql:///archive"),
        ("postgresql://ines:secret@d b/archive", "postgresql://…"),
        ("postgresql://ines:secret@db/a/b", "postgresql://…"),
        ("postgresql://ines:secret@db/\u202e", "postgresql://…"),
        ("postgresql://", "postgresql://"),
    ],
)
def test_an_address_is_told_without_user_and_password(place, told):
    assert shown_place(place) == told
    assert "secret" not in shown_place(place)


def test_what_a_report_calls_the_library():
    assert library_name("/srv/qc/show.sqlite") == "show.sqlite"
    assert library_name("postgresql://u:p@db/archive") == "postgresql://db/archive"


def test_a_path_is_shown_on_one_line():
    assert shown_place("/a\nb") == "/a\\nb"
