"""Writes what is generated: ``python scripts/make_docs.py``; ``--check`` only says what is out of date."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
# Pages must not depend on who makes them.
for _name in [name for name in os.environ if name.startswith("SCANNER_")]:
    del os.environ[_name]

from scanner.interpret.catalogue import MarkCatalogue  # noqa: E402
from scanner.judge.policy.schema import schema_text  # noqa: E402
from scripts.doc_pages.configuration import configuration_page  # noqa: E402 - the folder above holds the packages
from scripts.doc_pages.formats import formats_page  # noqa: E402
from scripts.doc_pages.man import man_page  # noqa: E402
from scripts.doc_pages.marks import marks_page  # noqa: E402
from scripts.doc_pages.rules import rules_page  # noqa: E402
from scripts.doc_pages.words import words_page  # noqa: E402
from scripts.policies_page import policies_page  # noqa: E402

GENERATED: Mapping[Path, Callable[[], str]] = {
    ROOT / "docs" / "marks.md": lambda: marks_page(MarkCatalogue.load()),
    ROOT / "docs" / "rules.md": rules_page,
    ROOT / "docs" / "formats.md": formats_page,
    ROOT / "docs" / "words.md": words_page,
    ROOT / "docs" / "configuration.md": configuration_page,
    ROOT / "docs" / "policies.md": policies_page,
    ROOT / "scanner" / "judge" / "policies" / "policy.schema.json": schema_text,
    ROOT / "docs" / "man" / "scanner.1": man_page,
}
"""Every generated file, and what makes it."""


def outdated() -> list[str]:
    """Return the generated files that are not what they would be if they were made now."""
    return [
        str(path.relative_to(ROOT)) for path, make in GENERATED.items() if not path.is_file() or path.read_text("utf-8") != make()
    ]


def main(arguments: list[str]) -> int:
    """Write the files, or with ``--check`` compare them; 1 where one is out of date, which is named."""
    if "--check" in arguments:
        names = outdated()
        for name in names:
            print(f"{name} is out of date", file=sys.stderr)
        return 1 if names else 0
    for path, make in GENERATED.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
