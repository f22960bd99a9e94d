"""Adding from a previous scan: the assets of its report that are still there with the same bytes.

The delivery is walked again; a path is never opened because a report names it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scanner.model.errors import NothingToScan, UsageError
from scanner.model.marks import Provenance
from scanner.model.protocols import Engine, ReferenceStore
from scanner.model.recorded import RecordedAsset, RecordedScan
from scanner.model.text import shown
from scanner.pipeline.adding import Adding, add_plan
from scanner.pipeline.fetching import expect_objects
from scanner.pipeline.learning import Learned, Source, reference_name
from scanner.pipeline.plan import Plan, Progress, make_plan
from scanner.pipeline.reading import FileKey
from scanner.pipeline.settings import ScanSettings

GONE = "is not there any more"
NOT_HASHED = "that scan did not hash it, so nobody can tell whether it is the same"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which assets of a scan: those that meet both conditions; an empty one is met by all that were judged."""

    provenances: frozenset[Provenance] = frozenset()
    rules: frozenset[str] = frozenset()
    """Ids of rules, one of which found something of the asset."""

    def fits(self, asset: RecordedAsset) -> bool:
        """Whether an asset is one of them."""
        if self.provenances and asset.provenance not in self.provenances:
            return False
        if self.rules and self.rules.isdisjoint(finding.rule for finding in asset.findings):
            return False
        return asset.verdict is not None


def add_from_scan(
    settings: ScanSettings,
    recorded: RecordedScan,
    choice: Choice,
    source: Source,
    store: ReferenceStore,
    engine: Engine,
    progress: Progress,
    *,
    update: bool = False,
) -> Learned:
    """Add the chosen assets of a scan, all with what `source` says of them; files whose bytes changed are refused.

    The paths of `settings` are where the delivery is now, one a root of the report; without any, it is looked for where it was.

    Raises:
        UsageError: a root is missing, or there are not as many as in the report.
        NothingToScan: no asset of the report fits. StoreError: the library cannot be written.
    """
    expected = _expected(recorded, choice)
    paths = roots_now(recorded, settings.paths)
    plan = make_plan(replace(settings, paths=tuple(paths)))
    expect_objects(engine, plan.roots, plan.crawls)
    there = {(asset.root, file.path) for asset in plan.assets for file in asset.files}
    wanted = {key: digest for key, digest in expected.items() if digest and key in there}
    refused = [(key, GONE if digest else NOT_HASHED) for key, digest in expected.items() if key not in wanted]
    sources = [replace(source, path=path) for path in plan.roots]
    learned = add_plan(Adding(plan, sources, store, engine, progress, update=update, expected=wanted))
    return learned + Learned(refused=tuple((_name(plan, key), why) for key, why in refused))


def roots_now(recorded: RecordedScan, paths: Sequence[str]) -> Sequence[str]:
    """Return where the roots of a report are now.

    Raises:
        UsageError: there are not as many as in the report.
    """
    if paths and len(paths) != len(recorded.roots):
        raise UsageError(
            f"the report is of {len(recorded.roots)} roots, {len(paths)} were named",
            next_step="Name a folder for each root, in the report's order.",
        )
    return paths or recorded.roots


def _expected(recorded: RecordedScan, choice: Choice) -> dict[FileKey, str]:
    """The files of the chosen assets, with the digests that the scan recorded."""
    digests = {(file.root, file.path): file.sha256 for file in recorded.inventory}
    chosen = [asset for asset in recorded.assets if choice.fits(asset)]
    if not chosen:
        raise NothingToScan(
            "no asset of the report fits",
            where=shown(recorded.name),
            next_step="Ask for another --provenance or --rule, or for neither.",
        )
    keys = [(asset.root, path) for asset in chosen for path in asset.members or (asset.path,)]
    return {key: digests.get(key, "") for key in keys}


def _name(plan: Plan, key: FileKey) -> str:
    return reference_name(plan.roots[key[0]], key[1])
