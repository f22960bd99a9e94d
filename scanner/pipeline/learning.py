"""Making references of files that were read: what they can be recognised by, compared with and shown by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields

from scanner.model.belongings import Belongings
from scanner.model.matching import Reference, Rights, Role
from scanner.model.protocols import Engine, ReferenceStore
from scanner.model.work import Examination, KeptPictures, KeptPicturesTask, PixelDigest, PixelsTask
from scanner.pipeline.plan import Progress
from scanner.store.packed_features import pack
from scanner.store.rows import reference_id

CHANGED = "its bytes are no longer those of that scan"
COLLIDING = "its id is that of other content: its SHA-256 begins with the same 16 digits, which does not happen by chance"
_WHOLE = ("probe", "picture")
"""Readers that say whether the file and its picture are whole."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file or folder to add, and what its material is to us."""

    path: str
    role: Role
    rights: Rights = field(default_factory=Rights)
    collections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Learned:
    """What became of the files that were to be added."""

    new: int = 0
    known: int = 0
    """Already in the library under this role."""
    differing: int = 0
    """Known ones whose rights are others than those given now; set to these where that was asked."""
    plain: int = 0
    """Pictures too plain to be recognised but by equal bytes; of those that were read."""
    bytes_only: int = 0
    """Media without a comparable picture: recognised by equal bytes; of those that were read."""
    refused: tuple[tuple[str, str], ...] = ()
    """Path and reason of each file that was not added."""
    stopped: bool = False
    """By Ctrl-C; what is counted here is in the library."""

    def __add__(self, other: Learned) -> Learned:
        """Both together."""
        counted = [one.name for one in fields(self) if one.name != "stopped"]
        summed = {name: getattr(self, name) + getattr(other, name) for name in counted}
        return Learned(**summed, stopped=self.stopped or other.stopped)


@dataclass(frozen=True, slots=True)
class Learnable:
    """One file to make a reference of."""

    path: str
    """Absolute."""
    size_bytes: int
    name: str
    role: Role
    examination: Examination
    rights: Rights = field(default_factory=Rights)
    collections: tuple[str, ...] = ()
    expected_sha256: str = ""
    """What its bytes must be for it to be added; empty where that was not asked."""

    @property
    def id(self) -> str:
        """Of its reference."""
        return reference_id(*self.content)

    @property
    def content(self) -> tuple[Role, str]:
        """Its role and the SHA-256 of its bytes, which tell what it is; the id has only the first digits."""
        return self.role, self.examination.hash.value or ""


def learn(
    files: Sequence[Learnable], store: ReferenceStore, engine: Engine, progress: Progress, *, update: bool = False
) -> Learned:
    """Add files that were read, with what belongs to them; refused is what is damaged, no media, or has the id of other content.

    Of known ones nothing is made that the library has.

    Raises:
        StoreError: the library cannot be written.
    """
    wanted, refused = _part_files(files, store)
    complete = store.find_complete(wanted, _kept_algorithms())
    references, belongings = make_references([one for id_, one in wanted.items() if id_ not in complete], engine, progress)
    every = [*references, *(_reference(one, "") for id_, one in wanted.items() if id_ in complete)]
    differing = store.find_differing_rights(every)
    new = store.add(references, belongings)
    store.put_in_collections({id_: one.collections for id_, one in wanted.items() if one.collections})
    if update:
        store.set_rights(differing)
    prints = [reference.fingerprint for reference in every]
    return Learned(
        new=new,
        known=len(files) - len(refused) - new,
        differing=len(differing),
        plain=sum(one is not None and one.flat for one in prints),
        bytes_only=sum(one is None for one in prints),
        refused=tuple(refused),
    )


def make_references(
    files: Sequence[Learnable], engine: Engine, progress: Progress
) -> tuple[list[Reference], dict[str, Belongings]]:
    """Return the references of files that were read, and what belongs to each by its id."""
    digests = _pixel_digests(files, engine, progress)
    return [_reference(one, digests.get(one.id, "")) for one in files], _belongings(files, engine, progress)


def acknowledge(known: Sequence[Reference], source: Source, store: ReferenceStore, *, update: bool) -> int:
    """Do for references that are there already what needs no file: collections, and rights where `update` asks for it.

    Returns how many have other rights than those given.
    """
    differing = store.find_differing_rights(known)
    if source.collections:
        store.put_in_collections({one.id: source.collections for one in known})
    if update:
        store.set_rights(differing)
    return len(differing)


def refusal(one: Learnable) -> str | None:
    """Return why a file is not added; None where it is."""
    examination = one.examination
    # A reference that is empty or cut short would be recognised in every other file that is.
    damage = next(
        (reading.reason for reading in examination.readings if reading.state == "failed" and reading.reader in _WHOLE), None
    )
    if damage:
        return damage
    if not examination.format.kind.is_media:
        return f"{examination.format.title} is no media"
    if not examination.hash.value:
        return "too large to be hashed"
    if one.expected_sha256 and examination.hash.value != one.expected_sha256:
        return CHANGED
    return None


def reference_name(root: str, path: str) -> str:
    """Return the path below its root, the root's own name in front: short, and still telling."""
    base = root.rstrip("/").rpartition("/")[2]
    return path if base == path else f"{base}/{path}"


def _part_files(files: Sequence[Learnable], store: ReferenceStore) -> tuple[dict[str, Learnable], list[tuple[str, str]]]:
    """Return those to make references of, by id, and the others with the reason."""
    contents = store.find_contents({one.id for one in files})
    wanted, refused = dict[str, Learnable](), list[tuple[str, str]]()
    for one in files:
        why = refusal(one)
        if why is None and contents.setdefault(one.id, one.content) != one.content:
            why = COLLIDING
        if why is None:
            wanted[one.id] = one
        else:
            refused.append((one.name, why))
    return wanted, refused


def _kept_algorithms() -> tuple[str, ...]:
    from scanner.pipeline.belongings import (
        kept_algorithms,  # imports what decodes pictures, which a scan's own process never does
    )

    return kept_algorithms()


def _pixel_digests(files: Sequence[Learnable], engine: Engine, progress: Progress) -> dict[str, str]:
    tasks = [PixelsTask(number, one.path, one.size_bytes) for number, one in _pictures(files)]
    digests: dict[str, str] = {}
    for done, result in enumerate(engine.run(tasks) if tasks else (), 1):
        progress("decoding", done, len(tasks))
        if isinstance(result, PixelDigest):
            digests[files[result.key].id] = result.digest
    return digests


def _belongings(files: Sequence[Learnable], engine: Engine, progress: Progress) -> dict[str, Belongings]:
    tasks = [KeptPicturesTask(number, one.path, one.size_bytes) for number, one in _pictures(files)]
    from scanner.pipeline.belongings import HASHES  # imports what decodes pictures, which a scan's own process never does

    hash_algorithms = tuple(one.name for one in HASHES)
    made = {one.id: Belongings() for one in files}
    for done, result in enumerate(engine.run(tasks) if tasks else (), 1):
        progress("describing", done, len(tasks))
        if isinstance(result, KeptPictures):
            made[files[result.key].id] = _belongings_of(files[result.key], result, hash_algorithms)
    return made


def _belongings_of(one: Learnable, kept: KeptPictures, hash_algorithms: tuple[str, ...]) -> Belongings:
    prints = one.examination.prints
    return Belongings(
        thumbnail=kept.thumbnail,
        picture=kept.picture,
        hashes=prints,
        plain_for=() if prints else hash_algorithms,
        features=(pack(kept.features),) if kept.features else (),
    )


def _pictures(files: Iterable[Learnable]) -> Iterator[tuple[int, Learnable]]:
    return ((number, one) for number, one in enumerate(files) if one.examination.fingerprint is not None)


def _reference(one: Learnable, pixel_digest: str) -> Reference:
    return Reference(
        one.id, one.role, one.name, one.examination.hash.value or "", one.examination.fingerprint, pixel_digest, one.rights
    )
