"""Writes the generated pages of docs/: ``python scripts/make_docs.py``; ``--check`` only says which are out of date."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
# Pages must not depend on who makes them.
for _name in [name for name in os.environ if name.startswith("SCANNER_")]:
    del os.environ[_name]

from doc_pages.configuration import configuration_page  # noqa: E402 - the folders above hold the packages
from doc_pages.formats import formats_page  # noqa: E402
from doc_pages.man import man_page  # noqa: E402
from doc_pages.marks import marks_page  # noqa: E402
from doc_pages.rules import rules_page  # noqa: E402
from doc_pages.words import words_page  # noqa: E402

from scanner.interpret.catalogue import MarkCatalogue  # noqa: E402

PAGES: dict[str, Callable[[], str]] = {
    "docs/marks.md": lambda: marks_page(MarkCatalogue.load()),
    "docs/rules.md": rules_page,
    "docs/formats.md": formats_page,
    "docs/words.md": words_page,
    "docs/configuration.md": configuration_page,
    "docs/man/scanner.1": man_page,
}
"""Place → what makes the page."""


def outdated() -> list[str]:
    """Return the pages that are not what they would be if they were made now."""
    return [name for name, make in PAGES.items() if not (ROOT / name).is_file() or (ROOT / name).read_text("utf-8") != make()]


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` compare them; 1 where one is out of date."""
    if "--check" in arguments:
        names = outdated()
        for name in names:
            print(f"{name} is out of date: run python scripts/make_docs.py", file=sys.stderr)
        return 1 if names else 0
    for name, make in PAGES.items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(make(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
