"""From files to assets: every regular file once, as an asset, as a frame of one, or as its sidecar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scanner.crawl.sequences import Candidate, Confirmation, find_candidates, rebuild
from scanner.crawl.sidecars import Pairing, pair_sidecars
from scanner.crawl.zones import ZoneMap
from scanner.model.assets import Asset, FileEntry

Sidecars = Mapping[str, tuple[FileEntry, ...]]
"""Path of a file → its sidecars."""


def find_assets(root_index: int, files: Sequence[FileEntry], zones: ZoneMap) -> tuple[Asset, ...]:
    """Return the assets that whole folders of one root hold, sorted by path; sequences are unconfirmed: only names are known."""
    pairing = pair_sidecars(files)
    candidates = find_candidates(files)
    taken = {file.path for candidate in candidates for file in candidate.files}
    taken.update(sidecar.path for sidecars in pairing.attached.values() for sidecar in sidecars)
    sequences = [_sequence(root_index, candidate, zones, pairing.attached) for candidate in candidates]
    singles = [_single(root_index, file, zones, pairing) for file in files if file.path not in taken]
    return _sorted((*sequences, *singles))


def split_asset(asset: Asset, confirmation: Confirmation, zones: ZoneMap) -> tuple[Asset, ...]:
    """Return what a candidate really is: itself, or its parts sorted by path. Its sidecars follow their frames."""
    if confirmation.whole:
        return (asset,)
    pairing = pair_sidecars((*asset.files, *asset.sidecars))
    in_sequence = {index for sequence in confirmation.sequences for index in sequence}
    sequences = [
        _sequence(asset.root, rebuild([asset.files[index] for index in sequence]), zones, pairing.attached)
        for sequence in confirmation.sequences
    ]
    singles = [_single(asset.root, file, zones, pairing) for index, file in enumerate(asset.files) if index not in in_sequence]
    return _sorted((*sequences, *singles))


def _sequence(root_index: int, candidate: Candidate, zones: ZoneMap, attached: Sidecars) -> Asset:
    return Asset(
        root=root_index,
        path=candidate.path,
        files=candidate.files,
        # All frames lie in one folder; a glob that names single frames is taken at the first.
        zone=zones.choose(candidate.files[0].path),
        sidecars=tuple(sidecar for file in candidate.files for sidecar in attached.get(file.path, ())),
        frames=candidate.frames,
        missing=candidate.missing,
    )


def _single(root_index: int, file: FileEntry, zones: ZoneMap, pairing: Pairing) -> Asset:
    return Asset(
        root=root_index,
        path=file.path,
        files=(file,),
        zone=zones.choose(file.path),
        sidecars=pairing.attached.get(file.path, ()),
        sidecar_doubt=pairing.alone.get(file.path, ""),
    )


def _sorted(assets: Iterable[Asset]) -> tuple[Asset, ...]:
    return tuple(sorted(assets, key=lambda asset: (asset.path, asset.is_sequence)))
