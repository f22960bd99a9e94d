"""The words that a policy file may use, and the nearest right one for a wrong one."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping

from scanner.judge.rules.registry import ALL_RULES, DELIVERY_RULES
from scanner.model.approvals import Category
from scanner.model.formats import MediaKind
from scanner.model.judging import Route, Severity, Zone
from scanner.model.marks import Confidence
from scanner.model.text import shown

SILENT = "silent"
"""The word for an observation that makes no finding."""
ELSEWHERE = "elsewhere"
"""The key for all zones a table does not name."""
DELIVERY = "delivery"
"""The key for rules about the delivery as a whole."""
APPROVAL = "approval"
"""The key for the approval categories that can allow what a rule found."""

TEXT_KEYS = ("name", "document", "date", "note")
FILE_KEYS = (*TEXT_KEYS, "extends", "approved_tools", "required_readings", "zones", "principles", "rules")
PRINCIPLE_KEYS = ("id", "text", "rules", "zones", "route", "next_step")

ZONES = tuple(zone.value for zone in Zone)
SEVERITIES = (*(severity.value for severity in Severity), SILENT)
CATEGORIES = tuple(category.value for category in Category)
ROUTES = tuple(route.value for route in Route)
KINDS = tuple(kind.value for kind in MediaKind if kind.is_media)
READERS = ("exiftool", "c2pa", "residue", "picture", "watermark")
"""Readers a policy may require. What a file's own structure shows to be broken counts always."""

CASES: Mapping[str, tuple[str, ...]] = {rule.CARD.id: tuple(map(str, rule.CASES)) for rule in ALL_RULES}
"""Rule → its cases, the nameless one left out."""
CONFIDENCES = tuple(confidence.value for confidence in Confidence)
"""Sub-tables that weigh a rule's findings of one confidence, whatever their case."""
DELIVERY_IDS = frozenset(rule.CARD.id for rule in DELIVERY_RULES)
RULES_AND_CASES = tuple(name for rule, cases in CASES.items() for name in (rule, *(f"{rule}.{case}" for case in cases)))
"""What a principle may name: ``ai-declared``, ``ai-declared.edited``."""

_MANY = 12
_SYNONYMS: Mapping[str, str] = {
    **dict.fromkeys(("block", "blocked", "blocks", "error", "critical", "fail", "incomplete"), "high"),
    **dict.fromkeys(("review", "warn", "warning", "look", "moderate"), "medium"),
    **dict.fromkeys(("inform", "informs", "information", "notice", "note", "low", "pass"), "info"),
    **dict.fromkeys(("ignore", "ignored", "off", "none", "false", "never"), SILENT),
    **dict.fromkeys(("temp", "tmp", "wip"), Zone.TEMPORARY.value),
    **dict.fromkeys(("archive", "archives"), Zone.ARCHIVAL.value),
    **dict.fromkeys(("gfx", "titles"), Zone.GRAPHICS.value),
    **dict.fromkeys(("default", "others", "other", "*", "all"), ELSEWHERE),
    **dict.fromkeys(("image", "picture", "photo"), MediaKind.STILL.value),
    **dict.fromkeys(("metadata", "exif", "xmp"), "exiftool"),
    **dict.fromkeys(("credentials", "content-credentials"), "c2pa"),
    **dict.fromkeys(("sound", "music"), MediaKind.AUDIO.value),
    **dict.fromkeys(("movie", "film"), MediaKind.VIDEO.value),
    **dict.fromkeys(("pdf",), MediaKind.DOCUMENT.value),
    **dict.fromkeys(("parent", "inherits", "base", "extend"), "extends"),
    **dict.fromkeys(("talent", "likeness"), Category.TALENT.value),
    **dict.fromkeys(("ethics",), Category.ETHICS.value),
    **dict.fromkeys(("creative",), Category.CREATIVE_OUTPUT.value),
}
"""What people write → what it is called here; only taken where the right word is among the known ones."""


def nearest(word: str, known: Collection[str]) -> str:
    """Return a sentence that names the known word nearest to `word`, or all of them, or where they are listed."""
    folded = word.strip().casefold()
    meant = _SYNONYMS.get(folded, "")
    close = [meant] if meant in known else difflib.get_close_matches(folded, known, n=1, cutoff=0.5)
    if close:
        return f"Did you mean {close[0]!r}?"
    if len(known) > _MANY:
        return "`scanner explain --list` lists every rule."
    return f"Known are: {', '.join(known)}." if known else ""


def told(value: object) -> str:
    """Return a wrong value as messages show it: short, on one line, in quotes where it is text."""
    text = repr(value) if isinstance(value, str) else str(value)
    return shown(text.lower() if isinstance(value, bool) else text, 60)
