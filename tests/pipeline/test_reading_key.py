from __future__ import annotations

import json
from dataclasses import fields, replace

import grimp
import pytest

from scanner.model.credentials import TrustList
from scanner.model.kept import FileIdentity
from scanner.model.work import ExamineTask
from scanner.pipeline import reading_key
from scanner.pipeline.reading_key import (
    READING_MODULES,
    READING_PACKAGES,
    WITHOUT_EFFECT,
    is_made_by,
    reading_tools,
    reading_version,
    task_digest,
)
from scanner.pipeline.settings import WorkerSettings
from scanner.read.trust import AnchorList, Trust

SETTINGS = WorkerSettings()
CHANGES = {
    "exiftool": "/opt/exiftool",
    "exiftool_timeout_seconds": 1.0,
    "trust": Trust(anchors=(AnchorList(TrustList("list", "2026-01-01", "0" * 64), "pem"),)),
    "hash_below_bytes": 5,
    "address_space_bytes": 1 << 30,
    "extra_marks": ("/x/marks.toml",),
    "thorough": True,
    "watermarks": True,
    "confine": False,
}
OTHER_TASKS = "scanner.pipeline.tasks"
"""What `pipeline.examine` imports for tasks that yield no examination."""


def digest_of(settings=SETTINGS, exiftool="13.50", catalogue="00"):
    return reading_version(settings, exiftool, catalogue).digest


def test_one_version_for_equal_settings():
    assert digest_of() == digest_of(WorkerSettings())
    assert len(digest_of()) == 64


@pytest.mark.parametrize("name", [one.name for one in fields(WorkerSettings)])
def test_each_setting_counts_that_changes_a_reading(name):
    changed = replace(SETTINGS, **{name: CHANGES[name]})
    by_content = name == "extra_marks"
    assert (digest_of(changed) == digest_of()) is (name in WITHOUT_EFFECT or by_content)


def test_tools_and_catalogue_count():
    assert len({digest_of(), digest_of(exiftool="13.51"), digest_of(catalogue="01")}) == 3


def test_what_it_is_made_of_is_told_with_the_scanners_version_which_does_not_count(monkeypatch):
    version = reading_version(SETTINGS, "13.50", "00")
    monkeypatch.setattr(reading_key, "VERSION", "99.0")
    later = reading_version(SETTINGS, "13.50", "00")
    assert later.digest == version.digest
    told = json.loads(later.made_of)
    assert (told["scanner"], told["exiftool"], told["catalogue"], told["thorough"]) == ("99.0", "13.50", "00", "False")
    assert {"python", "pillow", "c2pa-python", "readers", "machine"} <= told.keys()


def test_versions_of_these_tools_are_known_whatever_the_settings():
    tools = reading_tools("13.50")
    made = reading_version(replace(SETTINGS, thorough=True), "13.50", "77").made_of
    assert is_made_by(made, tools)
    assert not is_made_by(made, reading_tools("13.51"))
    assert not any(is_made_by(text, tools) for text in ("", "{}", "[]", "null"))


def test_all_code_counts_that_makes_an_examination():
    graph = grimp.build_graph("scanner", exclude_type_checking_imports=True)
    graph.remove_import(importer="scanner.pipeline.examine", imported=OTHER_TASKS)
    reading = graph.find_upstream_modules("scanner.pipeline.examine") | {"scanner.pipeline.examine"}
    packages = tuple(f"scanner.{name}." for name in READING_PACKAGES)
    modules = {f"scanner.pipeline.{name}" for name in READING_MODULES}
    named = {one for one in reading if "." in one.removeprefix("scanner.") and not one.startswith(packages)}
    assert named == modules


def test_the_code_is_found():
    root = reading_key.resources.files("scanner")
    names = {name for name, _ in reading_key._code(root)}
    assert {"read/exiftool.py", "tools/containers/png.py", "interpret/marks/iptc.toml", "pipeline/examine.py"} <= names


TASK = ExamineTask(1, "/x/a.jpg", 100)
BELOW = 1000
MANIFEST = FileIdentity("/x/a.c2pa", 1, 2, 3, 4)


@pytest.mark.parametrize(
    "change",
    [{"sidecar": True}, {"fingerprint": False}, {"sealed_algorithms": ("md5",)}, {"manifest_sidecar": "/x/a.c2pa"}],
)
def test_what_is_asked_counts(change):
    assert task_digest(replace(TASK, **change), BELOW) != task_digest(TASK, BELOW)


@pytest.mark.parametrize("change", [{"key": 2}, {"path": "/y/b.png"}, {"size_bytes": 7}, {"hash_always": True}])
def test_the_file_does_not_count(change):
    assert task_digest(replace(TASK, **change), BELOW) == task_digest(TASK, BELOW)


def test_hashing_a_large_file_counts():
    large = replace(TASK, size_bytes=BELOW)
    assert task_digest(replace(large, hash_always=True), BELOW) != task_digest(large, BELOW)


@pytest.mark.parametrize("field", ["path", "size_bytes", "mtime_ns", "ctime_ns", "inode"])
def test_the_detached_manifest_counts_as_it_is(field):
    task = replace(TASK, manifest_sidecar=MANIFEST.path)
    other = replace(MANIFEST, **{field: 9 if field != "path" else "/x/b.c2pa"})
    digests = {task_digest(task, BELOW, manifest) for manifest in (None, MANIFEST, other)}
    assert len(digests) == 3
    assert all(len(one) == 16 for one in digests)
