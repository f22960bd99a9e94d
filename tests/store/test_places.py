from __future__ import annotations

import pytest

from scanner.store.places import default_library_path, reports_fallback_folder


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
