from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from scanner.cli.library import library_group
from scanner.model.errors import ScannerError, UsageError
from scanner.model.matching import Rights, Role
from scanner.store.library import open_library
from tests.cli.conftest import Run, generated, noise
from tests.store.references import made_references


@pytest.fixture
def library(tmp_path: Path) -> str:
    """A library with 20 AI references and 3 owned ones."""
    path = str(tmp_path / "library.sqlite")
    store = open_library(path, create=True)
    store.add(made_references(20))
    store.add(made_references(3, start=50, role=Role.OWNED))
    store.close()
    return path


def invoke(*arguments: str) -> str:
    done = CliRunner().invoke(library_group, arguments, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.output


def ids(library: str) -> list[str]:
    return [one.id for one in open_library(library, create=False).references()]


def test_list_of_one_role(library: str) -> None:
    lines = invoke("list", "--library", library, "--role", "owned").splitlines()

    assert [line.split()[0] for line in lines if "stills/" in line] == ["owned"] * 3
    assert lines[-1] == "3 references"


def test_list_as_json_and_csv(library: str) -> None:
    objects = json.loads(invoke("list", "--library", library, "--format", "json"))
    rows = list(csv.DictReader(io.StringIO(invoke("list", "--library", library, "--format", "csv"))))

    assert [one["id"] for one in objects] == [row["id"] for row in rows] == ids(library)
    assert objects[0].keys() == rows[0].keys() >= {"role", "name", "source", "no_ai_alteration"}


def test_an_empty_list_is_json_too(tmp_path: Path) -> None:
    path = str(tmp_path / "l.sqlite")
    open_library(path, create=True).close()

    assert json.loads(invoke("list", "--library", path, "--format", "json")) == []


def test_a_name_is_no_formula_in_csv(tmp_path: Path) -> None:
    path = str(tmp_path / "l.sqlite")
    one = next(made_references(1))
    object.__setattr__(one, "name", '=HYPERLINK("x")')
    open_library(path, create=True).add([one])

    (row,) = csv.DictReader(io.StringIO(invoke("list", "--library", path, "--format", "csv")))
    assert row["name"] == '\'=HYPERLINK("x")'


def test_show_takes_the_beginning_of_an_id(library: str) -> None:
    one = ids(library)[0]

    shown = invoke("show", "--library", library, one[:9])

    assert one in shown
    assert {"sha256", "source", "licence", "no", "thumbnail"} <= set(shown.split())


@pytest.mark.parametrize(
    ("text", "why"), [("ai-", "several ids"), ("zz", "no reference"), ("", "no reference"), ("é", "no reference")]
)
def test_an_id_must_be_known_and_unique(library: str, text: str, why: str) -> None:
    for command in ("show", "remove"):
        with pytest.raises(UsageError, match=why):
            invoke(command, "--library", library, text)
    assert len(ids(library)) == 23


def test_remove_says_what_it_removed_and_takes_all_or_none(library: str) -> None:
    first, second, *rest = ids(library)

    with pytest.raises(UsageError):
        invoke("remove", "--library", library, first, "nonsense")
    assert len(ids(library)) == 23
    said = invoke("remove", "--library", library, first, second[:8], second)

    assert said.count("removed ") == 2
    assert ids(library) == rest


@pytest.mark.parametrize("command", [["list"], ["show", "ai-1"], ["remove", "ai-1"], ["export", "x.jsonl"]])
def test_no_library_is_made_by_asking(tmp_path: Path, command: list[str]) -> None:
    path = tmp_path / "none.sqlite"

    with pytest.raises(UsageError, match="no reference library"):
        invoke(*command, "--library", str(path))
    assert not path.exists()


def test_export_and_import_carry_a_library_whole(library: str, tmp_path: Path) -> None:
    file, other = str(tmp_path / "all.jsonl"), str(tmp_path / "other.sqlite")

    assert invoke("export", "--library", library, file).startswith("23 references exported")
    assert invoke("import", "--library", other, file).startswith("23 added, 0 known")
    assert invoke("import", "--library", other, file).startswith("0 added, 23 known")
    assert open_library(other, create=False).digest() == open_library(library, create=False).digest()


def test_a_wrong_import_adds_nothing(library: str, tmp_path: Path) -> None:
    file = tmp_path / "all.jsonl"
    invoke("export", "--library", library, str(file))
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))
    other = str(tmp_path / "other.sqlite")

    with pytest.raises(UsageError, match=r"ends after 22 of 23"):
        invoke("import", "--library", other, str(file))
    assert ids(other) == []
    with pytest.raises(ScannerError, match="cannot be read"):
        invoke("import", "--library", other, str(tmp_path / "missing"))


@pytest.mark.parametrize(
    "arguments",
    [["add"], ["add", "x.png"], ["add", "--manifest", "missing.csv"], ["add", "--role", "mine", "x.png"]],
    ids=" ".join,
)
def test_wrong_usage_makes_no_library(tmp_path: Path, arguments: list[str]) -> None:
    path = tmp_path / "l.sqlite"

    with pytest.raises(Exception, match=r"nothing was named|is missing|cannot be read|not one of"):
        invoke(*arguments, "--library", str(path))
    assert not path.exists()


def test_a_manifest_gives_each_file_its_rights(run: Run, tmp_path: Path) -> None:
    folder, library = tmp_path / "m", str(tmp_path / "l.sqlite")
    (folder / "stills").mkdir(parents=True)
    noise(1).save(folder / "stills" / "a.png")
    noise(3).save(folder / "b.png")
    (folder / "list.csv").write_text(
        'path,role,source,owner,licence,no_ai_alteration\nstills/a.png,licensed,"Agency, London",,editorial,yes\nb.png,,,,,\n'
    )

    done = run("library", "add", "--manifest", str(folder / "list.csv"), "--role", "owned", "--owner", "us", "--library", library)

    assert (done.returncode, done.stdout[:8]) == (0, "2 added,"), done.stderr
    store = open_library(library, create=False)
    held = {one.name: (one.role, one.rights) for one in store.references()}
    assert held == {
        "a.png": (Role.LICENSED, Rights("Agency, London", "us", "editorial", True)),
        "b.png": (Role.OWNED, Rights("", "us", "", False)),
    }
    assert all(0 < len(jpeg) <= 12_000 for jpeg in store.thumbnails(ids(library)).values())
    assert len(store.thumbnails(ids(library))) == 2


def test_rights_change_only_with_update(run: Run, tmp_path: Path) -> None:
    noise(1).save(tmp_path / "a.png")
    library = str(tmp_path / "l.sqlite")
    again = ("library", "add", "--role", "restricted", "--library", library, str(tmp_path / "a.png"), "--owner")
    run(*again, "them")

    told = run(*again, "others")
    assert "1 known already" in told.stdout
    assert "--update sets them" in told.stdout
    assert next(open_library(library, create=False).references()).rights.owner == "them"

    run(*again, "others", "--update")
    assert next(open_library(library, create=False).references()).rights.owner == "others"


def test_a_scan_that_learns_knows_the_stripped_copy_next_time(run: Run, delivery: Path, tmp_path: Path) -> None:
    noise(2).save(delivery / "final" / "stripped.png")
    library = tmp_path / "new" / "l.sqlite"

    first = run("scan", "--learn", "--library", str(library), str(delivery))
    second = run("scan", "--learn", "--library", str(library), str(delivery))

    said = [" ".join(done.stdout.split()) for done in (first, second)]
    assert "1 AI temporary was added to the library, 0 known already" in said[0]
    assert second.returncode == 11
    assert "0 AI temporaries were added to the library, 1 known already" in said[1]


def test_learning_without_a_library_of_ones_own_makes_it(run: Run, delivery: Path, environment: dict[str, str]) -> None:
    generated(delivery / "temp" / "idea.png")

    assert run("scan", "--learn", str(delivery)).returncode in (0, 10)

    made = Path(environment["XDG_DATA_HOME"]) / "media-provenance-scanner" / "library.sqlite"
    assert open_library(str(made), create=False).count(Role.AI) == 1


def test_learning_never_writes_into_the_scanned_tree(run: Run, delivery: Path) -> None:
    before = sorted(delivery.rglob("*"))

    assert run("scan", "--learn", "--library", str(delivery / "temp" / "l.sqlite"), str(delivery)).returncode == 2
    assert run("scan", "--learn", "--no-library", str(delivery)).returncode == 2
    assert sorted(delivery.rglob("*")) == before
