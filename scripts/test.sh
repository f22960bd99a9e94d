#!/bin/sh
# Lint, types, import law, tests. One command on a bare system: sh scripts/test.sh
cd "$(dirname "$0")/.." || exit 1
. scripts/prepare.sh
prepare heif,timeline,video,test

.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/mypy
.venv/bin/lint-imports
# Most tests wait for processes of their own: all processors and more (tests/conftest.py), unless you say what to run.
[ $# -gt 0 ] || set -- -n auto --dist worksteal
.venv/bin/python -m pytest "$@"
