#!/bin/sh
# Scans the bundled documentary and leaves a report to open. One command on a bare system: sh scripts/demo.sh
cd "$(dirname "$0")/.." || exit 1
. scripts/prepare.sh
prepare heif

delivery=fixtures/deliveries/documentary
library=reports/demo-library.sqlite
code=0
.venv/bin/scanner library add --role ai --library "$library" --quiet "$delivery/temp_ai"
.venv/bin/scanner scan "$delivery" --library "$library" --trust fixtures/trust/test.toml --output reports/demo || code=$?
# 11 is what this delivery must give: its leaks are blocked.
[ "$code" = 11 ] || exit "$code"
echo
echo "Open $(pwd)/reports/demo/scan.html in a browser. The story: $delivery/story.md"
