"""ASC MHL histories (version 2.0): the chain in ``ascmhl/``, its generations, and what each seals.

The chain seals the generations, they seal the files. A generation that is not as the chain says is not believed, and its
files are left out. Paths stay below the folder; one that leads out refuses the history.
"""

from __future__ import annotations

import os
import re

from scanner.model.sealed import Generation, History, SealAction, SealAnswer, SealedFile, SealedHash, SealError
from scanner.timeline.confined import confined_file, confined_path
from scanner.timeline.notes import Notes
from scanner.tools.bounded import open_regular, read_fully
from scanner.tools.digests import can_digest, new_digest
from scanner.tools.hardened_xml import Element, XmlError, parse_xml

FOLDER = "ascmhl"
CHAIN = "ascmhl_chain.xml"
STRONGEST_FIRST = ("c4", "sha1", "md5", "xxh128", "xxh3", "xxh64")
"""In which order sealed hashes are preferred to compare with. A seal is as strong as its hash, so the strongest is first."""

_LIMIT_BYTES = 64 << 20
_TOTAL_LIMIT_BYTES = 512 << 20
"""Of all hash lists of one history."""
_GENERATIONS_LIMIT = 1000
_HEXADECIMAL = re.compile(r"[0-9a-f]{8,128}", re.ASCII)
_C4 = re.compile(r"c4[1-9A-HJ-NP-Za-km-z]{88}", re.ASCII)
_ACTIONS = {
    "original": SealAction.ORIGINAL,
    "verified": SealAction.VERIFIED,
    "new": SealAction.VERIFIED,
    "failed": SealAction.FAILED,
}
_NO_HASHES = frozenset({"path", "previousPath", "metadata"})
_HINT = "Ask who sealed the folder for its ascmhl folder again"


def read_history(folder: str) -> History:
    """Read the history of one folder, check its chain, and tell what is sealed of each file.

    Raises:
        SealError: there is no chain, it or a hash list of it cannot be understood, or a path leads out of the folder.
    """
    return _Reader(folder).read()


def expected_hash(sealed: SealedFile, preferred: tuple[str, ...] = STRONGEST_FIRST) -> SealedHash | None:
    """What to compare a file with: of the preferred algorithm that can be computed here, the first that did not fail."""
    believed = [one for one in sealed.hashes if one.action is not SealAction.FAILED]
    return next((one for name in preferred for one in believed if one.algorithm == name and can_digest(name)), None)


class _Reader:
    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._hashes: dict[str, list[SealedHash]] = {}
        self._sizes: dict[str, int | None] = {}
        self._left_bytes = _TOTAL_LIMIT_BYTES
        self._references_hold = True
        self._notes = Notes()

    def read(self) -> History:
        chain = self._parse(self._bytes(f"{FOLDER}/{CHAIN}"), CHAIN)
        if chain.name != "ascmhldirectory":
            raise self._wrong("is no ASC MHL chain of version 2.0", CHAIN)
        listed = sorted(((self._number(one), one) for one in chain.all("hashlist")), key=lambda pair: pair[0])
        if not listed or len(listed) > _GENERATIONS_LIMIT:
            raise self._wrong(f"lists {len(listed):,} generations; 1 to {_GENERATIONS_LIMIT:,} can be read", CHAIN)
        if [number for number, _ in listed] != list(range(1, len(listed) + 1)):
            self._notes.add("the chain's generations are not numbered one after the other", CHAIN)
        generations = tuple(self._generation(number, one) for number, one in listed)
        self._note_unlisted({one.path for one in generations})
        files = tuple(SealedFile(path, self._sizes[path], tuple(self._hashes[path])) for path in sorted(self._hashes))
        return History(self._folder, generations, files, self._references_hold, self._notes.sentences())

    def _generation(self, number: int, listed: Element) -> Generation:
        name = listed.text_of("path")
        if not name or "/" in name or "\\" in name or name in (".", ".."):
            raise self._wrong(f"the chain's path {name[:80]!r} is no file beside it", CHAIN)
        path = f"{FOLDER}/{name}"
        hashes = [one for one in listed.children if one.name != "path"]
        try:
            content = self._bytes(path)
        except SealError as error:
            missing = not os.path.lexists(os.path.join(self._folder, FOLDER, name))
            self._notes.add(f"a generation cannot be read: {error.what}", path)
            return Generation(number, path, "", "", SealAnswer.MISSING if missing else SealAnswer.UNREADABLE)
        answer = self._check(content, hashes)
        if answer is not SealAnswer.SAME:
            self._notes.add("a generation is not as the chain seals it, and is not believed", path)
            return Generation(number, path, "", "", answer)
        root = self._parse(content, name)
        if root.name != "hashlist" or not root.attributes.get("version", "").startswith("2"):
            raise self._wrong("is no ASC MHL hash list of version 2.0", name)
        self._take_in(root, number, name)
        tool = root.first("creatorinfo", "tool")
        made_by = f"{tool.text} {tool.attributes.get('version', '')}".strip() if tool else ""
        return Generation(number, path, root.text_of("creatorinfo", "creationdate"), made_by, answer)

    def _check(self, content: bytes, hashes: list[Element]) -> SealAnswer:
        """Compare a hash list with what the chain says of it; every hash that can be computed must agree."""
        answers = []
        for one in hashes:
            if digest := new_digest(one.name):
                digest.update(content)
                answers.append(digest.hexdigest() == _canonical(one))
        if not answers:
            return SealAnswer.NOT_TRIED
        return SealAnswer.SAME if all(answers) else SealAnswer.DIFFERS

    def _take_in(self, root: Element, number: int, name: str) -> None:
        for one in (root.first("hashes") or root).all("hash"):
            self._take_file(one, number, name)
        for one in (root.first("references") or root).all("hashlistreference"):
            path = self._confined(one, name)
            *folder, holder, hash_list = path.split("/")
            if not folder or holder != FOLDER or not hash_list:
                raise self._wrong(f"line {one.line}: refers to {path[:80]!r}, which is in no history below", name)
            self._check_reference(one, path)

    def _check_reference(self, one: Element, path: str) -> None:
        try:
            content = self._bytes(path)
        except SealError as error:
            self._references_hold = False
            self._notes.add(f"a nested history's hash list {error.what}", path)
            return
        if self._check(content, [each for each in one.children if each.name != "path"]) is not SealAnswer.SAME:
            self._references_hold = False
            self._notes.add("a nested history's hash list is not as it was sealed", path)

    def _take_file(self, one: Element, number: int, name: str) -> None:
        path = self._confined(one, name)
        if path not in self._hashes:
            former = confined_path(one.text_of("previousPath"))
            self._hashes[path] = self._hashes.pop(former, []) if former else []
            self._sizes[path] = self._sizes.pop(former, None) if former else None
        hashes = [self._hash(each, number) for each in one.children if each.name not in _NO_HASHES]
        known = [each for each in hashes if each]
        element = one.first("path")
        size = element.attributes.get("size", "") if element else ""
        # What failed was measured of a file that is not the sealed one.
        if size.isdecimal() and len(size) < 20 and not any(each.action is SealAction.FAILED for each in known):
            self._sizes[path] = int(size)
        self._hashes[path] += known

    def _hash(self, one: Element, number: int) -> SealedHash | None:
        value = _canonical(one)
        if not value:
            self._notes.add(f"a hash cannot be read: {one.name[:40]}", f"generation {number}, line {one.line}")
            return None
        action = _ACTIONS.get(one.attributes.get("action", ""), SealAction.UNSAID)
        return SealedHash(one.name.lower(), value, number, action, one.attributes.get("hashdate", ""))

    def _note_unlisted(self, listed: set[str]) -> None:
        try:
            names = os.listdir(os.path.join(self._folder, FOLDER))
        except OSError:
            return
        for name in sorted(names):
            if name.endswith(".mhl") and f"{FOLDER}/{name}" not in listed:
                self._notes.add("a hash list is not in the chain, and is not believed", f"{FOLDER}/{name}")

    def _confined(self, one: Element, name: str) -> str:
        written = one.text_of("path")
        path = confined_path(written)
        if path is None:
            raise self._wrong(f"line {one.line}: the path {written[:80]!r} leads out of the folder", name)
        return path

    def _number(self, listed: Element) -> int:
        text = listed.attributes.get("sequencenr", "")
        if not text.isdecimal() or len(text) > 9:
            raise self._wrong(f"line {listed.line}: the generation's number is {text[:20]!r}", CHAIN)
        return int(text)

    def _bytes(self, name: str) -> bytes:
        """Read a file of this history or a nested one, by its path below the folder."""
        path = confined_file(self._folder, name)
        if path is None:
            raise self._wrong("is a link out of the folder", name)
        try:
            with open_regular(path) as stream:
                content = read_fully(stream, _LIMIT_BYTES + 1)
        except OSError as error:
            raise self._wrong(f"cannot be read: {error.strerror or error}", name) from None
        if len(content) > _LIMIT_BYTES:
            raise self._wrong(f"is larger than {_LIMIT_BYTES >> 20} MB", name)
        self._left_bytes -= len(content)
        if self._left_bytes < 0:
            raise self._wrong(f"the history's hash lists are larger than {_TOTAL_LIMIT_BYTES >> 20} MB together", name)
        return content

    def _parse(self, content: bytes, name: str) -> Element:
        try:
            return parse_xml(content)
        except XmlError as error:
            raise self._wrong(str(error), name) from None

    def _wrong(self, what: str, name: str) -> SealError:
        path = name if "/" in name else f"{FOLDER}/{name}"
        return SealError(what, where=os.path.join(self._folder, path), next_step=_HINT)


def _canonical(one: Element) -> str:
    """A hash as it is compared; empty where the element holds none."""
    if one.name == "c4":
        return one.text if _C4.fullmatch(one.text) else ""
    value = one.text.lower()
    return value if _HEXADECIMAL.fullmatch(value) else ""
