"""Zones: what a folder is for, told by its name or by the user.

How the zone of a path is found, from strongest to weakest:

1. A glob that the user gave beats every default. Among the user's globs the one that says most wins: more components without
   wildcard, then more characters that stand for themselves; of two that say as much, ``--zone`` beats ``scanner.toml``, then
   the later beats the earlier. ``--zone final`` is the glob ``**``, which says least of all.
   A glob of the policy beats every default and yields to every glob of the user, ``--zone final`` too.
2. Among the defaults the deepest folder wins, for it is the most specific: ``delivery/archival/x`` is archival, and
   ``temp/final_export/x`` is final.
3. A default ``temporary`` below a default ``final`` does not count: ``final/temp/x`` is final, and ``final/gfx/temp/x`` graphics.
   Temporary material inside a deliverable is exactly what must not slip through.
4. Within one folder name ``final`` beats ``temporary``, which beats ``graphics``, ``archival`` and ``reference``:
   ``temp_final`` is final, ``temp_archival`` temporary.

Defaults look at folders only, never at a file's own name, and at whole words (see `scanner.crawl.globs`). The letters AI, and
words that say nothing of the purpose (``export``, ``output``, ``offline``, ``stock``), set nothing.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.crawl.globs import ComponentTest, Glob, compile_glob, component_test, folded
from scanner.model.errors import UsageError
from scanner.model.judging import POLICY_ORIGIN, Zone, ZoneChoice, ZoneGlob
from scanner.model.text import shown

DEFAULT_ORIGIN = "default"
UNASSIGNED = ZoneChoice(Zone.UNASSIGNED, "no zone glob matches")

_WORDS: dict[Zone, str] = {
    Zone.FINAL: (
        "final finals deliverable deliverables delivery deliveries master masters dcp dcdm gam vdm"
        # `nam` (non-graded archival master) and `imf` are words of other things too: see _NAMES.
    ),
    Zone.TEMPORARY: (
        "temp temps tmp temporary placeholder placeholders wip previz previs animatic animatics storyboard storyboards "
        "scratch sandbox fpo stand-in stand-ins standin standins work-in-progress"
    ),
    Zone.GRAPHICS: (
        "graphics graphic gfx titles main-title end-title lower-third lower-thirds lowerthird lowerthirds motion-graphic "
        "mograph mogrt mogrts chyron chyrons logos"
    ),
    Zone.ARCHIVAL: "archival archivals archive archives historical newsreel newsreels found-footage",
    Zone.REFERENCE: "reference references ref refs owned moodboard moodboards mood-board mood-boards lookbook lookbooks",
}
_NAMES: dict[Zone, str] = {Zone.FINAL: "nam imf imp"}
"""Folders that must bear the name whole: ``nam`` is a delivery folder, ``viet_nam`` is none."""

_STRONGEST_FIRST = (Zone.FINAL, Zone.TEMPORARY, Zone.GRAPHICS, Zone.ARCHIVAL, Zone.REFERENCE)


def _default_globs() -> tuple[ZoneGlob, ...]:
    words = [ZoneGlob(f"**/~{word}/**", zone) for zone in _STRONGEST_FIRST for word in _WORDS[zone].split()]
    names = [ZoneGlob(f"**/{name}/**", zone) for zone, text in _NAMES.items() for name in text.split()]
    return tuple(sorted((*words, *names), key=lambda glob: _STRONGEST_FIRST.index(glob.zone)))


DEFAULT_GLOBS: tuple[ZoneGlob, ...] = _default_globs()
"""What the folder names of post-production say, strongest zone first. Each tests a single folder."""


def parse_zone_option(text: str, origin: str = "--zone") -> ZoneGlob:
    """Read ``final`` (the whole root) or ``GFX/**=graphics``.

    Raises:
        UsageError: the zone or the glob is none.
    """
    glob, equals, name = text.rpartition("=")
    zone = _zone_named(name, text, origin)
    pattern = glob.strip() if equals else "**"
    try:
        compile_glob(pattern)
    except ValueError as error:
        raise UsageError(
            f"the glob of {shown(text)} {error}", where=origin, next_step="Write it like 'GFX/**=graphics'."
        ) from error
    return ZoneGlob(pattern, zone, origin)


def choose_zone(path: str, globs: Sequence[ZoneGlob] = DEFAULT_GLOBS) -> ZoneChoice:
    """Return the zone of one path below its root. For many paths make one `ZoneMap`."""
    return ZoneMap(globs).choose(path)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the globs say of one folder and, unless a deeper folder says more, of all below it."""

    positions: tuple[frozenset[int], ...]
    """Of each user glob."""
    user: int
    """Index of the strongest user glob that fits, or how many there are."""
    default: ZoneChoice | None
    in_final: bool
    """Whether a default made this folder or one above it final."""


@dataclass(frozen=True, slots=True)
class _UserGlob:
    """A glob that may have any shape, compiled."""

    source: ZoneGlob
    glob: Glob

    @property
    def choice(self) -> ZoneChoice:
        """The zone it sets, and why."""
        origin = self.source.origin
        by = "a default" if origin == DEFAULT_ORIGIN else origin
        return ZoneChoice(self.source.zone, f"path matches `{self.source.pattern}` of {by}")


class ZoneMap:
    """Zones of all paths under one root. What is found of a folder is kept, so 250,000 files cost little more than their folders.

    Raises:
        ValueError: a glob is none; `parse_zone_option` tells the user before it comes to that.
    """

    def __init__(self, globs: Sequence[ZoneGlob] = DEFAULT_GLOBS) -> None:
        singles = [(glob, _single_folder_test(glob)) for glob in globs]
        self._defaults = [(glob, test) for glob, test in singles if test]
        others = [_UserGlob(glob, compile_glob(glob.pattern)) for glob, test in singles if not test]
        ranked = sorted(enumerate(others), key=lambda pair: (_strength(pair[1]), pair[0]), reverse=True)
        self._users = [user for _, user in ranked]
        root = _Standing(tuple(user.glob.start for user in self._users), len(self._users), None, False)
        self._standings = {"": self._with_user(root)}
        self._hits: dict[str, ZoneGlob | None] = {}

    def choose(self, path: str) -> ZoneChoice:
        """Return the zone of a file by its path below the root, with forward slashes."""
        folder, _, name = path.rpartition("/")
        standing = self._standing(folder)
        user = min(standing.user, self._fitting_name(standing, name))
        if user < len(self._users):
            return self._users[user].choice
        return standing.default or UNASSIGNED

    def _fitting_name(self, standing: _Standing, name: str) -> int:
        """Index of the strongest user glob that fits the file itself, not only a folder above it."""
        for index, user in enumerate(self._users[: standing.user]):
            if not user.glob.inside and user.glob.fits(user.glob.step(standing.positions[index], folded(name))):
                return index
        return len(self._users)

    def _standing(self, folder: str) -> _Standing:
        # Climb to the nearest folder already known, then come down: no recursion, whatever the depth.
        unknown: list[str] = []
        while folder not in self._standings:
            unknown.append(folder)
            folder = folder.rpartition("/")[0]
        standing = self._standings[folder]
        for deeper in reversed(unknown):
            standing = self._below(standing, deeper.rpartition("/")[2])
            self._standings[deeper] = standing
        return standing

    def _below(self, above: _Standing, name: str) -> _Standing:
        component = folded(name)
        default, in_final = above.default, above.in_final
        hit = self._default_hit(component)
        if hit and not (hit.zone is Zone.TEMPORARY and in_final):
            default = ZoneChoice(hit.zone, f"folder `{name}` matches `{hit.pattern}`")
            in_final = in_final or hit.zone is Zone.FINAL
        positions = tuple(user.glob.step(places, component) for user, places in zip(self._users, above.positions, strict=True))
        return self._with_user(_Standing(positions, above.user, default, in_final))

    def _with_user(self, standing: _Standing) -> _Standing:
        """Let the strongest user glob that fits this folder hold here, unless a stronger one holds already."""
        candidates = zip(self._users[: standing.user], standing.positions, strict=False)
        user = next((index for index, (user, places) in enumerate(candidates) if user.glob.fits(places)), standing.user)
        return _Standing(standing.positions, user, standing.default, standing.in_final)

    def _default_hit(self, component: str) -> ZoneGlob | None:
        if component not in self._hits:
            fitting = [glob for glob, test in self._defaults if test(component)]
            self._hits[component] = min(fitting, key=lambda glob: _STRONGEST_FIRST.index(glob.zone), default=None)
        return self._hits[component]


def _single_folder_test(glob: ZoneGlob) -> ComponentTest | None:
    """Return the test of a default of the form ``**/name/**``; None for any other glob."""
    parts = folded(glob.pattern).split("/")
    if glob.origin != DEFAULT_ORIGIN or len(parts) != 3 or parts[0] != "**" or parts[2] != "**":
        return None
    return component_test(parts[1])


def _strength(user: _UserGlob) -> tuple[int, tuple[int, int], bool]:
    return _rank(user.source.origin), user.glob.specificity, user.source.origin == "--zone"


def _rank(origin: str) -> int:
    if origin == DEFAULT_ORIGIN:
        return 0
    return 1 if origin.partition(" ")[0] == POLICY_ORIGIN else 2


def _zone_named(name: str, text: str, origin: str) -> Zone:
    wanted = name.strip().casefold()
    zones = [zone.value for zone in Zone]
    if wanted in zones:
        return Zone(wanted)
    words = {word: zone.value for zone, words in _WORDS.items() for word in words.split()}
    near = difflib.get_close_matches(wanted, [*zones, *words], n=1, cutoff=0.5)
    nearest = [words.get(word, word) for word in near]
    hint = f"Did you mean '{nearest[0]}'? " if nearest else ""
    raise UsageError(
        f"'{shown(name.strip(), 60)}' in '{shown(text, 120)}' is no zone",
        where=origin,
        next_step=f"{hint}Zones are {', '.join(zones)}; write 'final' or 'GFX/**=graphics'.",
    )
