"""The deliveries with a story: what `fixtures/deliveries/NAME.toml` says of each, and a scan of it that reads only once.

Reading a file does not depend on the policy, so an engine that remembers what it found lets one delivery be judged under every
policy by the whole pipeline, at the price of one scan.
"""

from __future__ import annotations

import itertools
import os
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from scanner.engine.local import LocalEngine
from scanner.engine.session import now
from scanner.model.matching import Rights, Role
from scanner.model.protocols import Engine
from scanner.model.scan import Scan
from scanner.model.work import Result, Task, WorkFailed
from scanner.pipeline.adding import add_references
from scanner.pipeline.learning import Source
from scanner.pipeline.scan import run_scan
from scanner.pipeline.settings import ScanSettings
from scanner.store.library import open_library
from tests.cli.warm import WarmCommand

FIXTURES = Path(__file__).parents[2] / "fixtures"
DELIVERIES = FIXTURES / "deliveries"
MARCH_2026 = "1773705600"
"""When the stories play."""
SHIPPED = ("default", "permissive", "netflix-genai-2025", "archive-producers", "eu-disclosure")


@dataclass(frozen=True, slots=True)
class Play:
    """One delivery, what its people had beside it, and what scans of it must conclude."""

    name: str
    told: dict[str, Any]

    @property
    def folder(self) -> Path:
        """Where its story lies."""
        return DELIVERIES / str(self.told.get("folder", self.name))

    @property
    def drive(self) -> Path:
        """What is scanned."""
        return self.folder / str(self.told.get("drive", "."))

    @property
    def policies(self) -> tuple[str, ...]:
        """The shipped policies, and the play's own by their file."""
        return tuple(self.told["policies"])

    @property
    def alike(self) -> Iterator[tuple[str, str]]:
        """Pairs of pictures that are near each other because the story wants it so: paths below `fixtures`."""
        for group in self.told.get("alike", ()):
            names = sorted(os.path.relpath(path, FIXTURES) for glob in group for path in self._found(glob))
            yield from itertools.combinations(names, 2)

    def _found(self, glob: str) -> Iterator[Path]:
        if glob.startswith("/"):
            yield FIXTURES / glob[1:]
        else:
            yield from self.folder.glob(glob)

    def policy(self, name: str) -> str | Path:
        """A policy as a scan takes it."""
        return self.folder / name if name.endswith(".toml") else name

    def sources(self) -> list[Source]:
        """What is in the library before the scan."""
        return [
            Source(
                str(self.folder / row["path"]),
                Role(row["role"]),
                Rights(
                    source=row.get("source", ""),
                    owner=row.get("owner", ""),
                    licence=row.get("licence", ""),
                    no_ai_alteration=row.get("no_ai_alteration", False),
                ),
            )
            for row in self.told.get("library", ())
        ]


def all_plays() -> list[Play]:
    """Every delivery that has expected results, by name."""
    return [Play(path.stem, tomllib.loads(path.read_text("utf-8"))) for path in sorted(DELIVERIES.glob("*.toml"))]


def command(warm: WarmCommand, home: Path, *arguments: str, day: str = MARCH_2026) -> tuple[int, str]:
    """Run one command of the command line with the library of `home`; return its exit code and what it said."""
    kept = {name: value for name, value in os.environ.items() if name != "SCANNER_APPROVALS"}
    own = {"SCANNER_LIBRARY": str(home / "library.sqlite"), "XDG_DATA_HOME": str(home / "share"), "SCANNER_NO_STORE": "1"}
    environment = {**kept, **own, "SCANNER_WORKERS": "1", "SOURCE_DATE_EPOCH": day, "COLUMNS": "80"}
    done = warm.run([*arguments], home, environment, home)
    said = done.stdout + done.stderr
    assert done.returncode not in (1, 2), said
    return done.returncode, said


@dataclass
class RememberingEngine:
    """An engine that does no task twice; what it remembers of a path holds as long as the fixtures stay as they are."""

    inner: Engine
    found: dict[Task, Result] = field(default_factory=dict)

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """Do the tasks that are new, and give the others' results again."""
        wanted = list(tasks)
        new = [task for task in wanted if replace(task, key=0) not in self.found]
        for result in self.inner.run(new) if new else ():
            assert not isinstance(result, WorkFailed)
            self.found[replace(next(task for task in new if task.key == result.key), key=0)] = result
        for task in wanted:
            yield replace(self.found[replace(task, key=0)], key=task.key)

    def close(self) -> None:
        """Stop the workers."""
        self.inner.close()


@dataclass
class Stage:
    """Where plays are acted: one engine, and a library for each play that has one."""

    engine: RememberingEngine
    libraries: Path

    @classmethod
    def open(cls, libraries: Path) -> Stage:
        """Start an engine of one worker."""
        return cls(RememberingEngine(LocalEngine(ScanSettings(()).worker, 1)), libraries)

    def scan(self, play: Play, policy: str) -> Scan:
        """Scan the play's drive under one policy, with its library."""
        settings = ScanSettings((str(play.drive),), policy=play.policy(policy), library=self._library(play), thumbnails=False)
        return run_scan(settings, self.engine, clock=now, progress=lambda *_: None)

    def _library(self, play: Play) -> str | None:
        sources = play.sources()
        if not sources:
            return None
        place = self.libraries / f"{play.name}.sqlite"
        if not place.exists():
            with closing(open_library(str(place), create=True)) as store:
                add_references(
                    ScanSettings(tuple(source.path for source in sources)), sources, store, self.engine, lambda *_: None
                )
        return str(place)
